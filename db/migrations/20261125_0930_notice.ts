import type { Knex } from 'knex'

/** A notice is looked for by its number, whoever its ente is; cancelled rows answer too. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`create index due_iuv on due (iuv, pagatore_codice) where iuv is not null`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
