import type { Knex } from 'knex'
import { IS_OPEN } from './known.ts'

/** Any fixed number of ours: one sweep at a time over the whole installation. */
const SWEEP_LOCK = 7_316_001

/** Runs `work` only if no other process sweeps now; the lock dies with the transaction. */
export async function withSweepLock(db: Knex, work: (trx: Knex) => Promise<void>): Promise<boolean> {
  return db.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: { held: boolean }[] }>(
      'select pg_try_advisory_xact_lock(?) as held',
      [SWEEP_LOCK],
    )
    if (!rows[0]!.held) return false
    await work(trx)
    return true
  })
}

export interface Overdue {
  /** Carts whose process must be told: receipt not settled, or a look that was announced and not taken. */
  cartIds: string[]
  mailIds: string[]
  /** Files of dues whose process must be told. */
  flows: { flowId: string; enteId: string; isCancelling: boolean }[]
  exports: { exportId: string; enteId: string }[]
}

export interface Grace {
  /** Seconds. */
  receipt: number
  check: number
  mail: number
}

/** At most 200 of each; the next sweep takes the rest. */
export async function findOverdue(db: Knex, grace: Grace): Promise<Overdue> {
  const { rows: carts } = await db.raw<{ rows: { id: string }[] }>(
    `(select distinct cart_id as id from receipt where handled_at is null and cart_id is not null
        and received_at < now() - ? * interval '1 second' limit 200)
     union
     (select distinct cart_id as id from attempt r where ${IS_OPEN}
        and next_check_at < now() - ? * interval '1 second' limit 200)`,
    [grace.receipt, grace.check],
  )
  const mailIds = (await db('email')
    .where({ state: 'pending' })
    .where('next_try_at', '<', db.raw(`now() - ? * interval '1 second'`, [grace.mail]))
    .orderBy('next_try_at')
    .limit(200)
    .pluck('id')) as string[]
  // Told once a minute: the process itself announces when it will be heard of next.
  const { rows: flows } = await db.raw<{ rows: Overdue['flows'] }>(
    `update flow set next_check_at = now() + interval '1 minute'
     where id = any (array(select id from flow where state in ('queued', 'loading', 'writing', 'stopped', 'cancelling')
       and next_check_at < now() order by next_check_at limit 200))
     returning id as "flowId", ente_id as "enteId", state = 'cancelling' as "isCancelling"`,
  )
  const { rows: exports } = await db.raw<{ rows: Overdue['exports'] }>(
    `update export set next_check_at = now() + interval '1 minute'
     where id = any (array(select id from export where state in ('queued', 'running') and next_check_at < now()
       order by next_check_at limit 200))
     returning id as "exportId", ente_id as "enteId"`,
  )
  return { cartIds: carts.map((row) => row.id), mailIds, flows, exports }
}

/** Journal partitions of this month and the next exist before they are needed. */
export async function ensureJournalMonths(db: Knex): Promise<void> {
  await db.raw(
    `select ensure_journal_month(current_date), ensure_journal_month((current_date + interval '1 month')::date)`,
  )
}

/** Which of these ids are flows; the files of others belong to nobody. */
export async function knownFlows(db: Knex, ids: readonly string[]): Promise<Set<string>> {
  return new Set(
    (await db('flow')
      .whereIn('id', [...ids])
      .pluck('id')) as string[],
  )
}
