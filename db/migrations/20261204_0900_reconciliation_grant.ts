import type { Knex } from 'knex'

/** Who may reconcile: decide about reported payments, load what the bank sends, take either back. Administrators of the ente may. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table operator_grant
  -- True for an operator who may reconcile; an administrator may in any case.
  add column may_reconcile boolean not null default false;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
