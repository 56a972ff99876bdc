import type { Knex } from 'knex'

/** How often a mail was handed to the mail server without our hearing whether it was taken. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table email add column in_doubt int not null default 0 check (in_doubt >= 0)')
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
