import type { Knex } from 'knex'

/** Lets one at a time count and tie the credits of an ente, until the commit. */
export async function lockTreasury(trx: Knex, enteId: string): Promise<void> {
  await trx.raw(`select pg_advisory_xact_lock(hashtextextended('treasury|' || ?, 0))`, [enteId])
}
