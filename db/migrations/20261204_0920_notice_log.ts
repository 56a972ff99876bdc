import type { Knex } from 'knex'

/** The log of notices by kind: without it a kind that is rare is looked for through all notices of an ente. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('create index notice_mail_kind on notice_mail (ente_id, kind, id)')
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
