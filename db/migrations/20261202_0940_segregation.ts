import type { Knex } from 'knex'

/** pagoPA gives codes 00 to 49; those of before this rule stay until somebody changes them. Source: SACI, numero avviso. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table ente add constraint ente_segregation_range
    check (segregation_code ~ '^[0-4][0-9]$') not valid`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
