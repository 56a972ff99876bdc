import type { Knex } from 'knex'

/** The messages of an ente, newest first. Writes to the journal wait while the index is made: seconds for a million rows. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('create index journal_domain on journal (domain, id)')
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
