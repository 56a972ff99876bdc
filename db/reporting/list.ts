import type { Knex } from 'knex'
import { containing } from '../ground/like.ts'
import { FROM_DAY, UP_TO_DAY } from '../ground/rome.ts'
import { rowOf, rowsOf } from '../ground/rows.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'
import type { ShownReportingState } from '../../domain/reporting/shown-state.ts'
import { FLOW_COLUMNS, type ReportingFlow } from './flow.ts'

/** A flow in a list. */
export interface FlowSummary extends ReportingFlow {
  pspName: string | null
  receiver: string | null
  regulation: string | null
  regulatedOn: string | null
  rows: number
  rowsCents: number
  declaredPayments: number | null
  declaredCents: number | null
  flags: string[]
  storedAt: string | null
}

const COLUMNS: Record<keyof FlowSummary, string> = {
  ...FLOW_COLUMNS,
  pspName: 'psp_name',
  receiver: 'receiver',
  regulation: 'regulation',
  regulatedOn: 'regulated_on',
  rows: 'rows',
  rowsCents: 'rows_cents',
  declaredPayments: 'declared_payments',
  declaredCents: 'declared_cents',
  flags: 'flags',
  storedAt: 'stored_at',
}

/** SQL conditions of the states that people see. */
const CONDITIONS: Record<ShownReportingState, string> = {
  fetching: `f.state = 'listed'`,
  stored: `f.is_current and f.flags = '{}'`,
  flagged: `f.is_current and f.flags <> '{}'`,
  old: `f.state = 'stored' and not f.is_current`,
  gone: `f.state = 'gone'`,
}

/** Undefined values do not filter. Days are of Rome. */
export interface FlowFilter {
  flowId: string | undefined
  psp: string | undefined
  producedFrom: string | undefined
  producedTo: string | undefined
  availableFrom: string | undefined
  availableTo: string | undefined
  cents: number | undefined
  state: ShownReportingState | undefined
}

/** A place in the list: when a flow was made, and its id. */
export interface FlowPlace {
  first: string | null
  id: string
}

/** One page of the flows of an ente, the newest first. */
export async function listReportingFlows(
  db: Knex,
  enteId: string,
  filter: FlowFilter,
  turn: Turn<FlowPlace>,
): Promise<FlowSummary[]> {
  const { order, beyond } = reading(turn, 'desc')
  const query = db('reporting_flow as f')
    .select(COLUMNS)
    .where('f.ente_id', enteId)
    .orderBy([
      { column: 'f.flow_at', order },
      { column: 'f.id', order },
    ])
    .limit(turn.limit)
  narrow(query, filter)
  if (turn.place !== undefined)
    void query.whereRaw(`(f.flow_at, f.id) ${beyond} (?::timestamptz, ?::uuid)`, [
      turn.place.first,
      turn.place.id,
    ])
  return inOrder(turn, await rowsOf<FlowSummary>(query))
}

/** When a flow became available: when pagoPA published it, or when it came, where it does not say so. */
const AVAILABLE = 'coalesce(f.published_at, f.created_at)'

function narrow(query: Knex.QueryBuilder, filter: FlowFilter): void {
  if (filter.flowId !== undefined) void query.whereILike('f.flow_id', containing(filter.flowId))
  if (filter.psp !== undefined)
    void query.whereRaw('(f.psp_id ilike ? or f.psp_name ilike ?)', Array(2).fill(containing(filter.psp)))
  if (filter.producedFrom !== undefined) void query.whereRaw(`f.flow_at ${FROM_DAY}`, [filter.producedFrom])
  if (filter.producedTo !== undefined) void query.whereRaw(`f.flow_at ${UP_TO_DAY}`, [filter.producedTo])
  if (filter.availableFrom !== undefined)
    void query.whereRaw(`${AVAILABLE} ${FROM_DAY}`, [filter.availableFrom])
  if (filter.availableTo !== undefined) void query.whereRaw(`${AVAILABLE} ${UP_TO_DAY}`, [filter.availableTo])
  if (filter.cents !== undefined) void query.whereRaw('? in (f.declared_cents, f.rows_cents)', [filter.cents])
  if (filter.state !== undefined) void query.whereRaw(CONDITIONS[filter.state])
}

/** The stored flows of a search; those that newer ones replaced only when the search is for them. */
function storedOnes(db: Knex, enteId: string, filter: FlowFilter): Knex.QueryBuilder {
  const query = db('reporting_flow as f').where({ 'f.ente_id': enteId, 'f.state': 'stored' })
  if (filter.state === undefined) void query.where('f.is_current', true)
  narrow(query, filter)
  return query
}

/** How many stored flows a search finds, and how many payments they list. */
export async function countForZip(
  db: Knex,
  enteId: string,
  filter: FlowFilter,
): Promise<{ flows: number; payments: number }> {
  const row = await rowOf<{ flows: number; payments: number }>(
    storedOnes(db, enteId, filter).first(
      db.raw('count(*)::int as flows, coalesce(sum(f.rows), 0)::bigint as payments'),
    ),
  )
  return row!
}

/** The stored flows of a search in the order of their days. */
export const flowsForZip = (
  db: Knex,
  enteId: string,
  filter: FlowFilter,
  limit: number,
): Promise<FlowSummary[]> =>
  rowsOf<FlowSummary>(
    storedOnes(db, enteId, filter).select(COLUMNS).orderBy(['f.flow_at', 'f.id']).limit(limit),
  )

export const findReportingFlow = (db: Knex, enteId: string, id: string): Promise<FlowSummary | undefined> =>
  rowOf<FlowSummary>(db('reporting_flow as f').first(COLUMNS).where({ 'f.id': id, 'f.ente_id': enteId }))

/** The other revisions of a flow, the newest first. */
export const otherRevisions = (db: Knex, flow: FlowSummary): Promise<FlowSummary[]> =>
  rowsOf<FlowSummary>(
    db('reporting_flow as f')
      .select(COLUMNS)
      .where({ 'f.domain': flow.domain, 'f.flow_id': flow.flowId, 'f.psp_id': flow.pspId })
      .whereNot('f.id', flow.id)
      .orderBy('f.revision', 'desc')
      .limit(20),
  )

/** The header of a stored flow as it came. */
export async function flowHeader(db: Knex, id: string): Promise<Uint8Array> {
  const row = await rowOf<{ header: Buffer }>(db('reporting_flow').first('header').where({ id }))
  return row!.header
}
