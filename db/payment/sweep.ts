import type { Knex } from 'knex'
import { IS_OPEN } from './known.ts'
import type { BulkKind } from '../../domain/bulk/acts.ts'
import { MOVING_FLOW_STATES, OPEN_BULK_STATES, OPEN_EXPORT_STATES } from '../../domain/states.ts'
import { listed } from '../ground/listed.ts'
import type { PendingMail } from '../mail/email.ts'
import { rowsOf, valuesOf } from '../ground/rows.ts'

/** Key of the advisory lock that allows one sweep at a time in the whole installation. Any number that nothing else uses. */
const SWEEP_LOCK = 7_316_001

/** Runs `work` in a transaction and returns true, or returns false when another process is sweeping. The lock ends with the transaction. */
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
  /** Carts whose process must be signalled: a receipt is not settled, or a check was announced and did not happen. */
  carts: OverdueCart[]
  /** Pending mails that should have been sent. */
  mails: { id: string; kind: PendingMail['content']['kind']; enteId: string | null }[]
  /** Flows, exports and acts on many dues whose process stored the time of its next check and did not check until then. */
  flows: OverdueFlow[]
  exports: OverdueExport[]
  acts: OverdueAct[]
}

/** With the cents of its dues and the names of their enti in order, by which people know the payment. */
export interface OverdueCart {
  id: string
  totalCents: number
  enti: string[]
}

export interface OverdueFlow {
  flowId: string
  enteId: string
  isCancelling: boolean
  baseName: string
  enteName: string
}

/** All days are null but those of its kind: `fromOn` and `toOn` for paid dues, `dueOn` for expired ones. */
export interface OverdueExport {
  exportId: string
  enteId: string
  enteName: string
  fromOn: string | null
  toOn: string | null
  dueOn: string | null
}

/** An act on many dues. */
export interface OverdueAct {
  actId: string
  enteId: string
  enteName: string
  kind: BulkKind
  rows: number
}

/** Seconds that a receipt, an announced check or a mail may be late before the sweep takes it up. */
export interface Grace {
  receipt: number
  check: number
  mail: number
}

/** At most 200 of each; the next sweep takes the rest. */
export async function findOverdue(db: Knex, grace: Grace): Promise<Overdue> {
  const { rows: carts } = await db.raw<{ rows: OverdueCart[] }>(
    `with overdue as ((select distinct cart_id as id from receipt where handled_at is null and cart_id is not null
        and received_at < now() - ? * interval '1 second' limit 200)
     union
     (select distinct cart_id as id from attempt r where ${IS_OPEN}
        and next_check_at < now() - ? * interval '1 second' limit 200))
     select o.id, coalesce(sum(d.importo_cents), 0)::bigint as "totalCents",
       array_remove(array_agg(e.name order by i.position), null) as enti
     from overdue o left join cart_item i on i.cart_id = o.id left join due d on d.id = i.due_id
       left join ente e on e.id = d.ente_id group by o.id`,
    [grace.receipt, grace.check],
  )
  const mails = [...(await lateMails(db, grace, '<>', 200)), ...(await lateMails(db, grace, '=', 50))]
  // Moving the next check by a minute keeps a sweep from signalling a process more often than that. The process writes its own time.
  const { rows: flows } = await db.raw<{ rows: Overdue['flows'] }>(
    `update flow set next_check_at = now() + interval '1 minute'
     where id = any (array(select id from flow where state in (${listed(MOVING_FLOW_STATES)})
       and next_check_at < now() order by next_check_at limit 200))
     returning id as "flowId", ente_id as "enteId", state = 'cancelling' as "isCancelling", base_name as "baseName",
       (select name from ente where ente.id = flow.ente_id) as "enteName"`,
  )
  const { rows: exports } = await db.raw<{ rows: Overdue['exports'] }>(
    `update export set next_check_at = now() + interval '1 minute'
     where id = any (array(select id from export where state in (${listed(OPEN_EXPORT_STATES)}) and next_check_at < now()
       order by next_check_at limit 200))
     returning id as "exportId", ente_id as "enteId", from_on as "fromOn", to_on as "toOn", due_on as "dueOn",
       (select name from ente where ente.id = export.ente_id) as "enteName"`,
  )
  const { rows: acts } = await db.raw<{ rows: Overdue['acts'] }>(
    `update bulk_act set next_check_at = now() + interval '1 minute'
     where id = any (array(select id from bulk_act where state in (${listed(OPEN_BULK_STATES)}) and next_check_at < now()
       order by next_check_at limit 200))
     returning id as "actId", ente_id as "enteId", kind, rows,
       (select name from ente where ente.id = bulk_act.ente_id) as "enteName"`,
  )
  return { carts, mails, flows, exports, acts }
}

/** Notices are asked for apart from all other mails, so that no number of them keeps a receipt waiting. */
const lateMails = (
  db: Knex,
  { mail }: Pick<Grace, 'mail'>,
  isNotice: '=' | '<>',
  most: number,
): Promise<Overdue['mails']> =>
  rowsOf<Overdue['mails'][number]>(
    db('email')
      .where({ state: 'pending' })
      .where('kind', isNotice, 'notice')
      .where('next_try_at', '<', db.raw(`now() - ? * interval '1 second'`, [mail]))
      .orderBy('next_try_at')
      .limit(most)
      .select({ id: 'id', kind: 'kind', enteId: 'ente_id' }),
  )

/** Creates the partitions of the journal for this month and the next, before the first row needs them. */
export async function ensureJournalMonths(db: Knex): Promise<void> {
  await db.raw(
    `select ensure_journal_month(current_date), ensure_journal_month((current_date + interval '1 month')::date)`,
  )
}

/** Those of these ids that are flows. Files stored under any other id can be deleted. */
export async function knownFlows(db: Knex, ids: readonly string[]): Promise<Set<string>> {
  return new Set(
    await valuesOf(
      db('flow')
        .whereIn('id', [...ids])
        .pluck('id'),
    ),
  )
}
