import type { Knex } from 'knex'

/**
 * A reported row may be the share of a second beneficiary, in a due of another ente: what becomes known of that due is judged for the ente of
 * the share too. Source: docs/field/reporting.md#facts.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
-- Which settlements of a row a person took off; the others gave way by themselves.
create index withdrawn_settlement_row on withdrawn_settlement (reported_row_id) where anomaly_id is not null;

create function shares_to_reconcile() returns trigger language plpgsql as $$
begin
  insert into to_reconcile (ente_id, iuv)
  select e.id, d.iuv from after_rows s join due d on d.id = s.due_id join ente e on e.codice_fiscale = s.domain and e.id <> d.ente_id
    cross join lateral (select from reported_row r where r.domain = s.domain and r.iuv = d.iuv limit 1) reported
  where s.position > 1;
  return null;
end $$;
create trigger to_reconcile after insert on due_share referencing new table as after_rows
  for each statement execute function shares_to_reconcile();

create or replace function due_to_reconcile() returns trigger language plpgsql as $$
begin
  if is_reconciling() then return null; end if;
  insert into to_reconcile (ente_id, iuv)
  select beneficiary.id, changed.iuv
  from (
    select e.id, e.codice_fiscale as domain from ente e where e.id = new.ente_id
    union all select e.id, s.domain from due_share s join ente e on e.codice_fiscale = s.domain
      where s.due_id = new.id and s.position > 1 and e.id <> new.ente_id) beneficiary,
    unnest(array[old.iuv, new.iuv]) changed (iuv)
  where exists (select from reported_row r where r.domain = beneficiary.domain and r.iuv = changed.iuv)
  group by 1, 2;
  return null;
end $$;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
