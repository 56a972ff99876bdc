import type { Knex } from 'knex'
import type { CountersAt } from '../../../bench/world/statements.ts'
import { waitUntil } from '../../setup/wait.ts'

export interface Work {
  statements: number
  writingTransactions: number
  walBytes: number
}

/**
 * Work of this database alone between two moments. Transactions are counted in the WAL and not by the growth of transaction
 * ids, because other test files write on the same server at the same time.
 */
export async function workBetween(db: Knex, from: CountersAt, to: CountersAt): Promise<Work> {
  await waitUntil(async () => {
    const { rows } = await db.raw<{ rows: { flushed: boolean }[] }>(
      'select pg_current_wal_flush_lsn() >= ?::pg_lsn as flushed',
      [to.lsn],
    )
    return rows[0]!.flushed
  })
  const { rows } = await db.raw<{ rows: { transactions: number; bytes: number }[] }>(
    `select count(distinct xid::text) filter (where xid <> '0'::xid)::int as transactions,
       coalesce(sum(record_length) filter (where block_id = 0), 0)::int as bytes
     from pg_get_wal_block_info(?, ?, false)
     where reldatabase = (select oid from pg_database where datname = current_database())`,
    [from.lsn, to.lsn],
  )
  const { transactions, bytes } = rows[0]!
  return {
    statements: to.statements - from.statements,
    writingTransactions: transactions,
    walBytes: bytes,
  }
}
