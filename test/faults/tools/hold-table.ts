import type { Knex } from 'knex'
import { waitUntil } from '../../setup/wait.ts'
import type { Part } from './part.ts'

export interface HeldTable {
  someoneWaits(): Promise<true>
  release(): Promise<void>
}

/** A worker that was just started, or a task that a dead one had taken, needs the time of a heartbeat and more. */
const PATIENCE_MS = 60_000

/** Locks a table, so that every process that inserts into it waits exactly there until `release`. */
export async function holdTable(db: Knex, table: string): Promise<HeldTable> {
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
      }, PATIENCE_MS),
    release: async () => void (await trx.rollback()),
  }
}

/** Kills a process while it waits to write into the held table, and starts it again when the table is free. */
export async function dieWaitingFor(table: HeldTable, part: Pick<Part, 'kill' | 'start'>): Promise<void> {
  await table.someoneWaits()
  await part.kill()
  await table.release()
  await part.start()
}
