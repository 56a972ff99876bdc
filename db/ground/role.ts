import type { Knex } from 'knex'

/** True when the role of this connection is a superuser, who may change every database of the server and read its files. */
export async function isSuperuser(db: Knex): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { is: string }[] }>(`select current_setting('is_superuser') as is`)
  return rows[0]!.is === 'on'
}

/**
 * Grants the role of the running processes what it needs: reading and writing rows. It owns nothing, so it cannot change tables; it
 * cannot write the tables of migrations either. Called after each migration, because only the owner can use a new table.
 */
export async function grantUse(db: Knex, role: string): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw('grant usage on schema public to ??', [role])
    await trx.raw('grant select, insert, update, delete on all tables in schema public to ??', [role])
    await trx.raw('grant usage, select on all sequences in schema public to ??', [role])
    await trx.raw('revoke insert, update, delete on knex_migrations, knex_migrations_lock from ??', [role])
  })
}
