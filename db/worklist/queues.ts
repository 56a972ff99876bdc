import type { Knex } from 'knex'
import { MOVING_FLOW_STATES, OPEN_BULK_STATES, OPEN_EXPORT_STATES } from '../../domain/states.ts'
import { listed } from '../ground/listed.ts'
import { plannedRows } from '../ground/planned.ts'
import { IS_OPEN } from '../payment/known.ts'

/** What support looks at in the morning. Each queue is a count and a list, and empty when all is well. */
export const QUEUES = ['late', 'mail', 'files', 'asleep'] as const
export type Queue = (typeof QUEUES)[number]

/** A payment without outcome after this time is late. */
const LATE = `interval '1 hour'`
/** A mail that was refused longer ago is on no list any more. */
const MAIL = `interval '7 days'`
/** A file, a spreadsheet, an export or an act on many dues whose process did not look for this long stands still. */
const STILL = `interval '10 minutes'`
/** A payment whose announced look is this late sleeps; the sweep should have woken it after two minutes. */
const ASLEEP = `interval '3 minutes'`

/** SQL: the carts of each queue of payments, one column `id`. */
const CARTS: Record<Exclude<Queue, 'files'>, string> = {
  late: `select distinct r.cart_id as id from attempt r join cart c on c.id = r.cart_id where ${IS_OPEN} and c.begun_at < now() - ${LATE}`,
  mail: `select distinct e.cart_id as id from email e where e.state = 'failed' and e.cart_id is not null
    and e.created_at > now() - ${MAIL}`,
  asleep: `select distinct r.cart_id as id from attempt r where ${IS_OPEN} and r.next_check_at < now() - ${ASLEEP}`,
}

export const cartsOfQueue = (queue: Exclude<Queue, 'files'>): string => CARTS[queue]

const STILL_FLOWS = `f.state in (${listed(MOVING_FLOW_STATES)}) and f.next_check_at < now() - ${STILL}`
const STILL_EXPORTS = `x.state in (${listed(OPEN_EXPORT_STATES)}) and x.next_check_at < now() - ${STILL}`
/** A conversion takes seconds, and the sweep moves its next look, so its age counts. */
const STILL_SHEETS = `d.state = 'converting' and d.created_at < now() - ${STILL}`
const STILL_ACTS = `b.state in (${listed(OPEN_BULK_STATES)}) and b.next_check_at < now() - ${STILL}`

export type QueueCounts = Record<Queue, number>

/** How many things each queue has. One statement, over indexes that hold open rows only. */
export async function countQueues(db: Knex): Promise<QueueCounts> {
  const [counts] = await plannedRows<QueueCounts>(
    db,
    `select (select count(*)::int from (${CARTS.late}) q) as late, (select count(*)::int from (${CARTS.mail}) q) as mail,
       (select count(*)::int from (${CARTS.asleep}) q) as asleep,
       (select count(*)::int from flow f where ${STILL_FLOWS}) + (select count(*)::int from export x where ${STILL_EXPORTS})
         + (select count(*)::int from bulk_act b where ${STILL_ACTS}) + (select count(*)::int from draft d where ${STILL_SHEETS}) as files`,
    [],
  )
  return counts!
}

/** A file of dues, a spreadsheet, an export or an act on many dues that stands still. */
export interface StillFile {
  kind: 'flow' | 'draft' | 'export' | 'bulk_act'
  id: string
  codIpa: string
  enteName: string
  name: string | null
  state: string
  since: string
}

/** Files of dues, spreadsheets, exports and acts on many dues that stand still, the longest first, at most 50. */
export async function stillFiles(db: Knex): Promise<StillFile[]> {
  const { rows } = await db.raw<{ rows: StillFile[] }>(
    `select * from (
       select 'flow' as kind, f.id, e.cod_ipa as "codIpa", e.name as "enteName", f.base_name as name, f.state, f.next_check_at as since
       from flow f join ente e on e.id = f.ente_id where ${STILL_FLOWS}
       union all
       select 'export', x.id, e.cod_ipa, e.name, x.base_name, x.state, x.next_check_at
       from export x join ente e on e.id = x.ente_id where ${STILL_EXPORTS}
       union all
       select 'draft', d.id, e.cod_ipa, e.name, d.file_name, d.state, d.created_at
       from draft d join ente e on e.id = d.ente_id where ${STILL_SHEETS}
       union all
       select 'bulk_act', b.id, e.cod_ipa, e.name, b.number::text, b.state, b.next_check_at
       from bulk_act b join ente e on e.id = b.ente_id where ${STILL_ACTS}) q
     order by since limit 50`,
  )
  return rows
}

/** Stores since when nothing is to be looked at; null while something is. Called by the sweep. */
export async function noteQuiet(db: Knex): Promise<void> {
  const { rows } = await db.raw<{ rows: { isOpen: boolean }[] }>(
    `select exists (select from anomaly where closed_at is null) as "isOpen"`,
  )
  const counts = await countQueues(db)
  const isQuiet = !rows[0]!.isOpen && QUEUES.every((queue) => counts[queue] === 0)
  await db.raw(
    isQuiet
      ? `insert into quiet (since) values (now()) on conflict (id) do update set since = now() where quiet.since is null`
      : `insert into quiet (since) values (null) on conflict (id) do update set since = null where quiet.since is not null`,
  )
}

/** Since when nothing is to be looked at; null while something is, or before the first sweep. */
export async function quietSince(db: Knex): Promise<string | null> {
  const [quiet] = await plannedRows<{ since: string | null }>(db, 'select since from quiet', [])
  return quiet?.since ?? null
}
