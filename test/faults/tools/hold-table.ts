import type { Knex } from 'knex'
import { waitUntil } from '../../setup/wait.ts'

/** Locks a table, so that every process that inserts into it waits exactly there until `release`. */
export async function holdTable(
  db: Knex,
  table: string,
): Promise<{ someoneWaits(): Promise<true>; release(): Promise<void> }> {
  const trx = await db.transaction()
  await trx.raw(`lock table ${table} in share row exclusive mode`)
  return {
    someoneWaits: () =>
      waitUntil(async () => {
        const { rows } = await db.raw<{ rows: unknown[] }>(
          `select 1 from pg_locks where relation = ?::regclass and not granted`,
          [table],
        )
        return rows.length > 0 || undefined
      }),
    release: async () => void (await trx.rollback()),
  }
}
