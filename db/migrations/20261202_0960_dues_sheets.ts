import type { Knex } from 'knex'

/**
 * Exports of what a search of dues finds, as a workbook. It reads the table of exports once, which has a row per booking: less than a second.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table export drop constraint export_kind_check;
alter table export add constraint export_kind_check check (kind in ('paid', 'expired', 'dues'));

-- The search of an export of kind 'dues': filter and order. It may name a person, so it is kept for as long as the file is not written.
alter table export add column search jsonb;
alter table export add constraint export_search_kept
  check ((search is not null) = (kind = 'dues' and state in ('queued', 'running')));

-- A second click finds the export that the first one booked.
create unique index export_search_once on export (ente_id, operator_id, md5(search::text)) where search is not null;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
