import type { Knex } from 'knex'

/**
 * A reported payment is stored first and judged afterwards, which writes each row once more. With room in its page the new version stays
 * there, and none of the indexes is written again.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table reported_row set (fillfactor = 50)')
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
