import type { Knex } from 'knex'
import type { AnomalyFacts, Recipient } from '../../domain/anomaly/acts.ts'
import type { AnomalyKind, Outcome } from '../../domain/payment/model.ts'
import type { CartState } from '../../domain/states.ts'
import { mayUseDueType, type EnteReader } from '../ente/due-type-access.ts'
import { plannedRows } from '../ground/planned.ts'
import { IS_DOUBTFUL } from '../payment/known.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'

/** An anomaly with what its page and the lists show. The ente is null when no ente of ours is named. */
export interface Anomaly extends AnomalyFacts {
  id: string
  createdAt: string
  ente: { id: string; name: string; codIpa: string } | null
  cartId: string | null
  cartState: CartState | null
  receiptId: string | null
  dueId: string | null
  /** Its due, or the first one of its attempt. */
  aboutDueId: string | null
  /** The row of a reporting flow that raised it. */
  reportedRowId: string | null
  iuv: string | null
  causale: string | null
  dueTypeName: string | null
  payer: { anagrafica: string; codice: string } | null
  /** The whole sum of the receipt that raised it, and what the receipt says; null without a receipt that can be read. */
  receiptCents: number | null
  receivedAt: string | null
  outcome: Outcome | null
  details: Record<string, unknown>
  closedAt: string | null
  /** The person who closed it; null when no person did. */
  closedBy: string | null
  resolution: Resolution | null
  reason: string | null
  reference: string | null
  /** A request about it waits for a second person. */
  isAsked: boolean
}

export type Resolution = 'given' | 'returned' | 'accepted' | 'made_payable' | 'settled'

/** The reader of anomalies is an operator of an ente, who sees those about his types of due, or null for the region, which sees all. */
export type AnomalyReader = EnteReader | null

/** The first due of an anomaly `a`, as `d`; an anomaly of a whole attempt is about all of its dues. */
const FIRST_DUE = `left join lateral (select d.* from due d where d.id in (select anomaly_dues(a)) order by d.id limit 1) d on true`

const IS_HELD = `exists (select from anomaly_dues(a) about (due_id) join cart_item i on i.due_id = about.due_id where i.live)`

const IS_PARTIAL = `coalesce(a.due_id is not null and d.state = 'paying'
  and exists (select from settlement s where s.due_id = a.due_id)
  and exists (select from due_share sh where sh.due_id = a.due_id
    and not exists (select from settlement s where s.share_id = sh.id)), false)`

const COLUMNS = `a.id, a.kind, a.state, a.unplaced_cents as "unplacedCents", a.created_at as "createdAt", a.cart_id as "cartId",
  a.receipt_id as "receiptId", a.due_id as "dueId", d.id as "aboutDueId", a.reported_row_id as "reportedRowId", a.details, a.closed_at as "closedAt", a.closed_by as "closedBy", a.resolution,
  a.reason, a.return_reference as reference, coalesce(r.iuv, rr.iuv, d.iuv) as iuv, d.causale, t.name as "dueTypeName",
  case when e.id is not null then json_build_object('id', e.id, 'name', e.name, 'codIpa', e.cod_ipa) end as ente,
  case when d.id is not null then json_build_object('anagrafica', d.pagatore ->> 'anagrafica', 'codice', d.pagatore_codice)
    when r.details -> 'pagatore' ->> 'codice' is not null
      then json_build_object('anagrafica', r.details -> 'pagatore' ->> 'name', 'codice', r.details -> 'pagatore' ->> 'codice')
    end as payer,
  r.total_cents as "receiptCents", r.received_at as "receivedAt", r.outcome, c.state as "cartState", coalesce(c.state = 'requested', false) as "canAsk",
  ${IS_HELD} as "isHeld", ${IS_PARTIAL} as "isPartial",
  exists (select from approval p where p.entity_id = a.id and p.state = 'waiting') as "isAsked",
  coalesce(r.domain = e.codice_fiscale and coalesce(d.pagatore_codice, r.details -> 'pagatore' ->> 'codice') <> 'ANONIMO', false)
    as "isGivable"`

const TABLES = `anomaly a left join receipt r on r.id = a.receipt_id left join reported_row rr on rr.id = a.reported_row_id
  left join cart c on c.id = a.cart_id
  left join ente e on e.id = a.ente_id ${FIRST_DUE} left join ente_due_type t on t.id = d.ente_due_type_id`

/** SQL condition: the anomaly is of a reported payment, which names no person, and the operator may reconcile. */
const MAY_RECONCILE = `(a.reported_row_id is not null and exists (
  select from operator_grant g where g.operator_id = ? and g.ente_id = a.ente_id and g.may_reconcile))`

/** SQL condition with its bindings: the reader may see the anomaly `a`. What is about no due of ours is for administrators only. */
export function seenBy(reader: AnomalyReader): { sql: string; bindings: Knex.RawBinding[] } {
  if (reader === null) return { sql: 'true', bindings: [] }
  const ofEnte = { sql: 'a.ente_id = ?', bindings: [reader.enteId] }
  if (reader.isAdmin) return ofEnte
  return {
    sql: `${ofEnte.sql} and (exists (select anomaly_dues(a)) or ${MAY_RECONCILE}) and not exists (
      select from due x where x.id in (select anomaly_dues(a)) and not ${mayUseDueType('?', 'x.ente_due_type_id')})`,
    bindings: [...ofEnte.bindings, reader.operatorId, reader.operatorId],
  }
}

export async function findAnomaly(db: Knex, reader: AnomalyReader, id: string): Promise<Anomaly | undefined> {
  const seen = seenBy(reader)
  const { rows } = await db.raw<{ rows: Anomaly[] }>(
    `select ${COLUMNS} from ${TABLES} where a.id = ? and ${seen.sql}`,
    [id, ...seen.bindings],
  )
  return rows[0]
}

export interface AnomalyFilter {
  isClosed: boolean
  kind: AnomalyKind | undefined
  /** Days of Rome on which it was raised, both included. */
  from: string | undefined
  to: string | undefined
  minCents: number | undefined
  maxCents: number | undefined
}

/** Everything that somebody still has to look at. */
export const OPEN_ANOMALIES: AnomalyFilter = {
  isClosed: false,
  kind: undefined,
  from: undefined,
  to: undefined,
  minCents: undefined,
  maxCents: undefined,
}

export interface AnomalyTotals {
  count: number
  cents: number
}

type Condition = [sql: string, bindings: Knex.RawBinding[]]

function conditionsOf(reader: AnomalyReader, filter: AnomalyFilter): Condition[] {
  const { isClosed, kind, from, to, minCents, maxCents } = filter
  const seen = seenBy(reader)
  const day = `(a.created_at at time zone 'Europe/Rome')::date`
  const found: (Condition | undefined)[] = [
    [seen.sql, seen.bindings],
    [`a.closed_at is ${isClosed ? 'not ' : ''}null`, []],
    kind === undefined ? undefined : ['a.kind = ?', [kind]],
    from === undefined ? undefined : [`${day} >= ?`, [from]],
    to === undefined ? undefined : [`${day} <= ?`, [to]],
    minCents === undefined ? undefined : ['a.unplaced_cents >= ?', [minCents]],
    maxCents === undefined ? undefined : ['a.unplaced_cents <= ?', [maxCents]],
  ]
  return found.filter((condition): condition is Condition => condition !== undefined)
}

/** One page of anomalies, the oldest first while they are open, the newest first when they are closed. */
export async function listAnomalies(
  db: Knex,
  reader: AnomalyReader,
  filter: AnomalyFilter,
  turn: Turn<string>,
): Promise<Anomaly[]> {
  const { order, beyond } = reading(turn, filter.isClosed ? 'desc' : 'asc')
  const conditions = conditionsOf(reader, filter)
  if (turn.place !== undefined) conditions.push([`a.id ${beyond} ?`, [turn.place]])
  const { rows } = await db.raw<{ rows: Anomaly[] }>(
    `select ${COLUMNS} from ${TABLES} where ${conditions.map(([sql]) => sql).join(' and ')} order by a.id ${order} limit ?`,
    [...conditions.flatMap(([, bindings]) => bindings), turn.limit],
  )
  return inOrder(turn, rows)
}

/** SQL with its bindings: the row of `AnomalyTotals`, for statements that read more than that. */
export function anomalyTotals(
  reader: AnomalyReader,
  filter: AnomalyFilter,
): { sql: string; bindings: Knex.RawBinding[] } {
  const conditions = conditionsOf(reader, filter)
  return {
    sql: `select count(*)::int as count, coalesce(sum(a.unplaced_cents), 0)::bigint as cents from anomaly a
      where ${conditions.map(([sql]) => sql).join(' and ')}`,
    bindings: conditions.flatMap(([, bindings]) => bindings),
  }
}

/** How many anomalies the filter finds, and their unplaced money. */
export async function countAnomalies(
  db: Knex,
  reader: AnomalyReader,
  filter: AnomalyFilter,
): Promise<AnomalyTotals> {
  const { sql, bindings } = anomalyTotals(reader, filter)
  const [totals] = await plannedRows<AnomalyTotals>(db, sql, bindings)
  return totals!
}

export interface FoundRecipient extends Recipient {
  id: string
  iuv: string | null
  causale: string
  dueTypeName: string
  dueOn: string | null
}

/** The columns of a due `d` that decide whether it may get the money of the receipt of anomaly `a`. */
const RECIPIENT = `d.id, d.iuv, d.causale, t.name as "dueTypeName", d.due_on as "dueOn", d.state, d.importo_cents as "importoCents",
  exists (select from cart_item i where i.due_id = d.id and i.live) as "isHeld", ${IS_DOUBTFUL} as "isDoubtful",
  not exists (select from due_share s where s.due_id = d.id and s.domain <> e.codice_fiscale) as "isOfOneEnte",
  d.pagatore_codice = payer.codice as "isOfSamePayer"`

const PAYER = `cross join lateral (select coalesce(
    (select x.pagatore_codice from due x where x.id in (select anomaly_dues(a)) order by x.id limit 1),
    (select r.details -> 'pagatore' ->> 'codice' from receipt r where r.id = a.receipt_id)) as codice) payer`

const RECIPIENT_FROM = `anomaly a ${PAYER} join ente e on e.id = a.ente_id join due d on d.ente_id = e.id
  join ente_due_type t on t.id = d.ente_due_type_id`

/** The dues that may get the money of an anomaly, the next to expire first, at most 20. The caller still checks each with `mayReceive`. */
export async function recipientsOf(db: Knex, reader: AnomalyReader, id: string): Promise<FoundRecipient[]> {
  const mayUse = reader === null ? 'true' : mayUseDueType('?', 't.id')
  const { rows } = await db.raw<{ rows: FoundRecipient[] }>(
    `select ${RECIPIENT} from ${RECIPIENT_FROM}
     where a.id = ? and d.pagatore_codice = payer.codice and d.state = 'payable' and d.importo_cents = a.unplaced_cents and ${mayUse}
     order by d.due_on nulls last, d.id limit 20`,
    [id, ...(reader === null ? [] : [reader.operatorId])],
  )
  return rows
}

/** One due as a recipient; undefined when it is no due of the anomaly's ente. */
export async function findRecipient(
  db: Knex,
  { anomalyId, dueId }: { anomalyId: string; dueId: string },
): Promise<FoundRecipient | undefined> {
  const { rows } = await db.raw<{ rows: FoundRecipient[] }>(
    `select ${RECIPIENT} from ${RECIPIENT_FROM} where a.id = ? and d.id = ?`,
    [anomalyId, dueId],
  )
  return rows[0]
}
