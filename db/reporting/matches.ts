import { DECISION_IN_FORCE } from './decision.ts'
import type { Knex } from 'knex'
import type { Decision } from '../../domain/reporting/iuv-facts.ts'
import type { RowClass } from '../../domain/reporting/row-class.ts'
import type { Rule } from '../../domain/reporting/reconciled.ts'
import type { ReportedRow } from '../../domain/reporting/row.ts'
import { mayUseDueType, type EnteReader } from '../ente/due-type-access.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'

/** What a person decided about a payment, in force. */
export interface DecisionMade {
  id: string
  kind: Decision['kind']
  reason: string
  at: string
  by: string
  byId: string
  dueId: string | null
}

/** A reported payment with what it is found to be. */
export interface Match extends ReportedRow {
  id: string
  reportingFlowId: string
  flowId: string
  pspId: string
  isCurrent: boolean
  /** Null until it is judged. */
  class: RowClass | null
  rule: Rule | null
  places: Partial<Record<string, number>>
  isContradicted: boolean
  asked: 'once' | 'daily' | null
  askAt: string | null
  receiptId: string | null
  /** All cents of its receipt. */
  receiptCents: number | null
  /** Its due and the words of the due; null where there is none, or the reader may not see it. */
  dueId: string | null
  causale: string | null
  dueTypeName: string | null
  /** Cents that its due asks for. */
  dueCents: number | null
  decision: DecisionMade | null
}

export const CLASS_COLUMNS = `r.class, r.rule, r.places, r.is_contradicted as "isContradicted", r.asked, r.ask_at as "askAt", r.receipt_id as "receiptId"`

const DECISION = `(select json_build_object('id', k.id, 'kind', k.kind, 'reason', k.reason, 'at', k.decided_at, 'by', k.decided_by_name,
    'byId', k.decided_by, 'dueId', k.due_id)
  ${DECISION_IN_FORCE})`

const COLUMNS = `r.id, f.id as "reportingFlowId", f.flow_id as "flowId", f.psp_id as "pspId", f.is_current as "isCurrent", r.position, r.iuv,
  r.iur, r.transfer_index as "transferIndex", r.importo_cents as "importoCents", r.amount_text as "amountText", r.code, r.paid_on as "paidOn",
  r.faults, ${CLASS_COLUMNS}, d.id as "dueId", d.causale, d."dueTypeName", d.importo_cents as "dueCents",
  (select p.total_cents from receipt p where p.id = r.receipt_id) as "receiptCents", ${DECISION} as decision`

/** A row `r` of a stored flow `f`, with its due `d` if the reader may see it. */
const TABLES = `reported_row r join reporting_flow f on f.id = r.reporting_flow_id and f.state = 'stored'
  left join lateral (
    select x.id, x.causale, x.importo_cents, t.name as "dueTypeName" from due x join ente_due_type t on t.id = x.ente_due_type_id
    where x.id = r.due_id and x.ente_id = f.ente_id and ${mayUseDueType(':operatorId', 'x.ente_due_type_id')}) d on true`

/** Undefined values do not filter. Days are of payment. Payments of older revisions are left out, unless they are asked for or
 * contradict a decision. */
export interface MatchFilter {
  class: RowClass | undefined
  from: string | undefined
  to: string | undefined
  minCents: number | undefined
  maxCents: number | undefined
  iuv: string | undefined
  /** Whose money has no place yet. */
  isOpen: true | undefined
  /** Days of production of the flow. */
  producedFrom: string | undefined
  producedTo: string | undefined
}

/** The filter that finds every payment. */
export const ANY_MATCH: MatchFilter = {
  class: undefined,
  from: undefined,
  to: undefined,
  minCents: undefined,
  maxCents: undefined,
  iuv: undefined,
  isOpen: undefined,
  producedFrom: undefined,
  producedTo: undefined,
}

const CONDITIONS: Record<keyof MatchFilter, string> = {
  class: 'r.class = :class',
  from: 'r.paid_on >= cast(:from as date)',
  to: 'r.paid_on <= cast(:to as date)',
  minCents: 'r.importo_cents >= :minCents',
  maxCents: 'r.importo_cents <= :maxCents',
  iuv: 'r.iuv = :iuv',
  isOpen: `coalesce(r.places -> 'awaited', r.places -> 'unplaced') is not null`,
  producedFrom: `f.flow_at >= cast(:producedFrom as date)::timestamp at time zone 'Europe/Rome'`,
  producedTo: `f.flow_at < (cast(:producedTo as date) + 1)::timestamp at time zone 'Europe/Rome'`,
}

/** One page of the reported payments of an ente, the newest first. A place is the id of a row. */
export async function listMatches(
  db: Knex,
  { enteId, operatorId }: EnteReader,
  filter: MatchFilter,
  turn: Turn<string>,
): Promise<Match[]> {
  const { order, beyond } = reading(turn, 'desc')
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
  const conditions = Object.keys(given).map((name) => CONDITIONS[name as keyof MatchFilter])
  if (filter.class !== 'superseded') conditions.push('(f.is_current or r.is_contradicted)')
  if (turn.place !== undefined) conditions.push(`r.id ${beyond} :place`)
  const { rows } = await db.raw<{ rows: Match[] }>(
    `select ${COLUMNS} from ${TABLES}
     where r.domain = (select codice_fiscale from ente where id = :enteId) and f.ente_id = :enteId
       ${conditions.map((sql) => `and ${sql}`).join(' ')}
     order by r.id ${order} limit :limit`,
    {
      ...given,
      enteId,
      operatorId,
      limit: turn.limit,
      ...(turn.place === undefined ? {} : { place: turn.place }),
    },
  )
  return inOrder(turn, rows)
}

const PAGE = 1_000

/** All payments that the filter finds in pages, the newest first. */
export async function* allMatches(
  db: Knex,
  reader: EnteReader,
  filter: MatchFilter,
): AsyncGenerator<Match[]> {
  for (let place: string | undefined; ;) {
    const rows = await listMatches(db, reader, filter, { place, isBack: false, limit: PAGE })
    yield rows
    if (rows.length < PAGE) return
    place = rows.at(-1)!.id
  }
}

export async function findMatch(
  db: Knex,
  { enteId, operatorId }: EnteReader,
  id: string,
): Promise<Match | undefined> {
  const { rows } = await db.raw<{ rows: Match[] }>(
    `select ${COLUMNS} from ${TABLES} where r.id = :id and f.ente_id = :enteId`,
    { id, enteId, operatorId },
  )
  return rows[0]
}
