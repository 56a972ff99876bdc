import type { Knex } from 'knex'

/** Flows that the old node listed and gives no more, because a newer revision came before they were fetched. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `insert into state_move (entity, from_state, to_state) values ('reporting_flow', 'listed', 'gone')`,
  )
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
