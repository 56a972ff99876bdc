import type { Knex } from 'knex'

/** A superuser may do everything in every database of the server, and read its files. */
export async function isSuperuser(db: Knex): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { is: string }[] }>(`select current_setting('is_superuser') as is`)
  return rows[0]!.is === 'on'
}

/**
 * What the processes need, for a role that owns nothing: it reads and writes rows, and cannot change tables or say which migrations
 * ran. Given again after each migration, because new tables belong to the owner alone.
 */
export async function grantUse(db: Knex, role: string): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw('grant usage on schema public to ??', [role])
    await trx.raw('grant select, insert, update, delete on all tables in schema public to ??', [role])
    await trx.raw('grant usage, select on all sequences in schema public to ??', [role])
    await trx.raw('revoke insert, update, delete on knex_migrations, knex_migrations_lock from ??', [role])
  })
}
