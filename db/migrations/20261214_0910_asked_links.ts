import type { Knex } from 'knex'

/** Which account asked for a link. Takes no lock that lasts: the column has no values to fill. */
export async function up(knex: Knex): Promise<void> {
  // Fiscal code of who had signed in; null: nobody had.
  await knex.raw('alter table email_link add asked_by text')
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
