import type { Knex } from 'knex'

/** The lists of operators. Locks `due` for the time of building an index: some twenty seconds per five million rows. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`create index due_ente_state on due (ente_id, state, id desc)`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
