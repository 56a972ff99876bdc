import type { Knex } from 'knex'

/** Messages of an ente, and those that did not go well, newest first. Writes to the journal wait meanwhile: seconds for a million rows. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create index journal_domain on journal (domain, id);
create index journal_outcome on journal (outcome, id) where outcome <> 'OK';
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
