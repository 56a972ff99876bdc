import type { Knex } from 'knex'

/**
 * The types that files and exports hold: who loses one of them no longer sees what holds it. Reads every due of a file once, without
 * a lock on them: a minute per ten million.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
-- Codes of the types of the dues that the rows of the file named.
alter table flow add tipi text[] not null default '{}';
update flow f set tipi = h.tipi
from (select d.flow_id, array_agg(distinct t.code order by t.code) as tipi
  from due d join ente_due_type t on t.id = d.ente_due_type_id where d.flow_id is not null group by d.flow_id) h
where h.flow_id = f.id;

-- Codes of the types of the rows in the file, once it is there.
alter table export add held_tipi text[];
-- What is in the files of before is not known: who may not use every type sees only those of one type that was asked for. Those of
-- a second beneficiary asked for no grant: no type of an ente has this code, so they are for administrators.
update export x set held_tipi = case when as_secondary then array['EXPORT_ENTE_SECONDARIO'] when cardinality(tipi) > 0 then tipi
    else array(select code from ente_due_type t where t.ente_id = x.ente_id) end
where state = 'ready';
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
