import type { Knex } from 'knex'

/** The payer chose to pay later: the page says that days may pass. Only words follow from it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table cart add deferred boolean not null default false')
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
