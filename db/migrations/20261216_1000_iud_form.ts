import type { Knex } from 'knex'

/**
 * IUDs are compared and stored in one Unicode form (NFC). Those written before get it too; where two live dues of an ente would then
 * be one, both stay as they are, because only the ente knows which of them is meant.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
do $$
declare written record;
begin
  for written in select id from due where iud is not nfc normalized loop
    begin
      -- The hash is of what a row said, its IUD included.
      update due set iud = normalize(iud), content_hash = null where id = written.id;
    exception when unique_violation or check_violation then null;
    end;
  end loop;
end $$;

insert into flow_unchanged (flow_id, iud)
  select flow_id, normalize(iud) from flow_unchanged where iud is not nfc normalized on conflict do nothing;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
