import type { Knex } from 'knex'

/** How far an export is. Takes no lock that lasts: the columns have no values to fill. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table export
  -- Counted before the first row is written; of what is told page by page, null.
  add rows_total int,
  add rows_written int not null default 0;

-- A page of exports shows many: it follows who booked them or, of an administrator, the ente.
create or replace function tell_export() returns trigger language plpgsql as $$
begin
  perform pg_notify('export', new.ente_id::text);
  if new.operator_id is not null then
    perform pg_notify('export', new.operator_id::text);
  end if;
  return null;
end $$;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
