import type { Knex } from 'knex'

/**
 * The register of accesses: events of kind `accessed`, found by person, operator, ente and day. What was written down of downloads and
 * messages before becomes part of it. Reads the whole table of events once per index: some seconds for a million.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
update event e set kind = 'accessed', data = jsonb_build_object('by', e.data -> 'by', 'what', 'document',
  'detail', concat_ws(' ', e.data ->> 'kind', e.data ->> 'id'),
  'enti', coalesce((select jsonb_agg(distinct d.ente_id) from cart_item i join due d on d.id = i.due_id
    where i.cart_id = e.entity_id), '[]'))
where e.kind = 'support_downloaded';
update event e set kind = 'accessed', data = jsonb_build_object('by', e.data -> 'by', 'what', 'message',
  'enti', coalesce((select jsonb_agg(distinct o.id) from journal j join ente o on o.codice_fiscale = j.domain
    where j.id = e.entity_id), '[]'))
where e.kind = 'read' and e.entity = 'journal';

create index event_accessed on event (id) where kind = 'accessed';
create index event_accessed_at on event (at) where kind = 'accessed';
create index event_accessed_operator on event ((data ->> 'byId'), id) where kind = 'accessed';
create index event_accessed_person on event ((data ->> 'person'), id) where kind = 'accessed' and data ->> 'person' is not null;
create index event_accessed_ente on event using gin ((data -> 'enti')) where kind = 'accessed';
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
