import type { Knex } from 'knex'

/** The mail that tells an old address that it is no longer the account's. Looks at each mail once: seconds in a big table. */
export async function up(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { rule: string }[] }>(
    `select pg_get_constraintdef(oid) as rule from pg_constraint where conname = 'email_kind_check'`,
  )
  // The kinds there are, and one more.
  const rule = rows[0]!.rule.replace('ARRAY[', `ARRAY['address'::text, `)
  await knex.raw(
    `alter table email drop constraint email_kind_check, add constraint email_kind_check ${rule}`,
  )
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
