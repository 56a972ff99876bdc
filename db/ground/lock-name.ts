import type { Knex } from 'knex'

/** Waits for the lock that has this name. It ends with the transaction. */
export async function lockName(trx: Knex, name: string): Promise<void> {
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [name])
}
