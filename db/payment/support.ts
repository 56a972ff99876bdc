import type { Knex } from 'knex'
import type { Doubt } from '../../domain/payment/known.ts'
import type { Attention, Outcome, ReceiptSource } from '../../domain/payment/model.ts'
import type { Oddity, ReceiptAnswer } from '../../domain/payment/receipt-check.ts'
import type { NotAgain } from '../../domain/mail-again.ts'
import type { SearchPart } from '../../domain/search-terms.ts'
import type { Person } from '../../domain/person.ts'
import type { AnomalyState, CartState, DueState, EmailState, AttemptState } from '../../domain/states.ts'
import { cartsOfQueue, type Queue } from '../worklist/queues.ts'
import type { Resolution } from '../anomaly/anomalies.ts'
import { areWordsCommon, cartsOf } from './support-search.ts'
import { WHY_NOT_AGAIN } from '../mail/again.ts'
import { ABOUT_CART, CART_DOUBT } from './known.ts'
import { rowsOf } from '../ground/rows.ts'

/** What support reads about a payment. */

export interface FoundPayment extends Doubt {
  cartId: string
  state: CartState
  createdAt: string
  enteName: string
  /** Of the first due. */
  causale: string
  /** The number of dues. */
  items: number
  importoCents: number
  iuvs: string[]
  attention: Attention | null
}

/**
 * The payments that all of these parts fit, the newest first. `isPartial`: the words are too common, so that only the newest payments were
 * looked through.
 */
export async function searchPayments(
  db: Knex,
  parts: readonly SearchPart[],
): Promise<{ found: FoundPayment[]; isPartial: boolean }> {
  const isCommon = await areWordsCommon(db, parts)
  const { sql, bindings, isPartial } = cartsOf(parts, { isCommon })
  return { found: await listPayments(db, sql, bindings), isPartial }
}

/** The numbers of payments that each of these lists of parts fits. A greater number than `most` is counted as `most + 1`. */
export async function countPayments(
  db: Knex,
  searches: readonly (readonly SearchPart[])[],
  most: number,
): Promise<number[]> {
  if (searches.length === 0) return []
  const found = searches.map((parts) => cartsOf(parts, { isCommon: false }))
  const { rows } = await db.raw<{ rows: { counts: number[] }[] }>(
    `select array[${found.map(({ sql }) => `(select count(*)::int from (${sql} limit ?) f)`).join(', ')}] as counts`,
    found.flatMap(({ bindings }) => [...bindings, most + 1]),
  )
  return rows[0]!.counts
}

/** Carts with a receipt that differed from its attempt in this way, from the last 200 such events. */
export const paymentsNoted = (db: Knex, oddity: Oddity): Promise<FoundPayment[]> =>
  listPayments(
    db,
    `select r.cart_id as id from (
       select entity_id from event where kind = 'receipt_noted' and data -> 'notes' @> ?::jsonb order by id desc limit 200) e
     join attempt r on r.id = e.entity_id group by r.cart_id`,
    [JSON.stringify([oddity])],
  )

/** The payments of a queue of support, the newest first. */
export const paymentsOfQueue = (db: Knex, queue: Exclude<Queue, 'files'>): Promise<FoundPayment[]> =>
  listPayments(db, cartsOfQueue(queue), [])

/** The newest 50 of these carts, the newest first. `ids` is an SQL query of cart ids. */
async function listPayments(
  db: Knex,
  ids: string,
  bindings: readonly Knex.RawBinding[],
): Promise<FoundPayment[]> {
  const { rows } = await db.raw<{ rows: FoundPayment[] }>(
    `with found as (
       select listed.id from (${ids}) listed join cart on cart.id = listed.id order by cart.created_at desc limit 50)
     select c.id as "cartId", c.state, c.created_at as "createdAt", first.name as "enteName", first.causale,
       (select count(*)::int from cart_item where cart_id = c.id) as items,
       (select sum(d.importo_cents)::bigint from cart_item i join due d on d.id = i.due_id
        where i.cart_id = c.id) as "importoCents",
       array(select distinct iuv from attempt where cart_id = c.id order by iuv) as iuvs,
       (select max(attention) from attempt where cart_id = c.id) as attention, doubt."unplacedCents", doubt."isUnclear"
     from found join cart c on c.id = found.id ${CART_DOUBT}
       join lateral (select e.name, d.causale from cart_item i join due d on d.id = i.due_id
         join ente e on e.id = d.ente_id where i.cart_id = c.id order by i.position limit 1) first on true
     order by c.created_at desc`,
    bindings,
  )
  return rows
}

export interface SupportAttempt {
  id: string
  domain: string
  iuv: string
  attemptCode: string
  state: AttemptState
  totalCents: number
  nodeState: string | null
  hasDocument: boolean
  nodeAnswers: number
  nextCheckAt: string | null
  attention: Attention | null
  forcedReason: string | null
  outcomeAt: string | null
}

export const attemptsOfCart = (db: Knex, cartId: string): Promise<SupportAttempt[]> =>
  rowsOf<SupportAttempt>(
    db('attempt')
      .leftJoin('rpt', 'rpt.attempt_id', 'attempt.id')
      .select({
        id: 'id',
        domain: 'domain',
        iuv: 'iuv',
        attemptCode: 'attempt_code',
        state: 'state',
        totalCents: 'total_cents',
        nodeState: 'node_state',
        hasDocument: db.raw('rpt.attempt_id is not null'),
        nodeAnswers: 'node_answers',
        nextCheckAt: 'next_check_at',
        attention: 'attention',
        forcedReason: 'forced_reason',
        outcomeAt: 'outcome_at',
      })
      .where({ cart_id: cartId })
      .orderBy('position'),
  )

export interface SupportDue {
  id: string
  iud: string
  iuv: string | null
  enteName: string
  causale: string
  importoCents: number
  /** Cents of its shares that are settled. */
  settledCents: number
  state: DueState
  pagatore: Person
}

export async function duesOfCart(db: Knex, cartId: string): Promise<SupportDue[]> {
  const { rows } = await db.raw<{ rows: SupportDue[] }>(
    `select d.id, d.iud, d.iuv, e.name as "enteName", d.causale, d.importo_cents as "importoCents", d.state, d.pagatore,
       coalesce((select sum(importo_cents) from settlement where due_id = d.id), 0)::bigint as "settledCents"
     from cart_item i join due d on d.id = i.due_id join ente e on e.id = d.ente_id
     where i.cart_id = ? order by i.position`,
    [cartId],
  )
  return rows
}

export interface SupportReceipt {
  id: string
  iuv: string
  attemptCode: string
  outcome: Outcome | null
  totalCents: number | null
  answer: ReceiptAnswer
  source: ReceiptSource
  settling: boolean
  handledAt: string | null
  receivedAt: string
}

export const receiptsOfCart = (db: Knex, cartId: string): Promise<SupportReceipt[]> =>
  rowsOf<SupportReceipt>(
    db('receipt')
      .select({
        id: 'id',
        iuv: 'iuv',
        attemptCode: 'attempt_code',
        outcome: 'outcome',
        totalCents: 'total_cents',
        answer: 'answer',
        source: 'source',
        settling: 'settling',
        handledAt: 'handled_at',
        receivedAt: 'received_at',
      })
      .where({ cart_id: cartId })
      .orderBy('received_at'),
  )

export interface SupportAnomaly {
  id: string
  kind: string
  unplacedCents: number
  details: Record<string, unknown>
  state: AnomalyState
  resolution: Resolution | null
  isAsked: boolean
  closedAt: string | null
  createdAt: string
}

/** Anomalies of this cart, and those about its dues that attempts of other carts caused. */
export async function anomaliesOfCart(db: Knex, cartId: string): Promise<SupportAnomaly[]> {
  const { rows } = await db.raw<{ rows: SupportAnomaly[] }>(
    `select a.id, a.kind, a.unplaced_cents as "unplacedCents", a.details, a.closed_at as "closedAt", a.created_at as "createdAt",
       a.state, a.resolution, exists (select from approval p where p.entity_id = a.id and p.state = 'waiting') as "isAsked"
     from cart c join anomaly a on ${ABOUT_CART} where c.id = ? order by a.created_at`,
    [cartId],
  )
  return rows
}

export interface SupportMail {
  id: string
  kind: 'receipt' | 'link'
  /** Of a mail with an outcome: its receipt says that money moved. */
  saysPaid: boolean
  address: string
  state: EmailState
  tries: number
  lastAnswer: string | null
  nextTryAt: string
  sentAt: string | null
  /** Why it cannot be asked for again; null when it can. */
  whyNotAgain: NotAgain | null
}

export const mailsOfCart = (db: Knex, cartId: string): Promise<SupportMail[]> =>
  rowsOf<SupportMail>(
    db('email as m')
      .leftJoin('receipt', 'receipt.id', 'm.receipt_id')
      .select({
        id: 'm.id',
        kind: 'kind',
        saysPaid: db.raw('coalesce(receipt.total_cents > 0, false)'),
        address: 'address',
        state: 'state',
        tries: 'tries',
        lastAnswer: 'last_answer',
        nextTryAt: 'next_try_at',
        sentAt: 'sent_at',
        whyNotAgain: db.raw(WHY_NOT_AGAIN),
      })
      .where({ 'm.cart_id': cartId })
      .orderBy('m.created_at'),
  )

export interface SupportMessage {
  id: string
  at: string
  direction: 'in' | 'out'
  operation: string
  outcome: string
  httpStatus: number | null
  durationMs: number | null
  hasRequest: boolean
  hasResponse: boolean
}

const OF_CART = `(cart_id = ? or iuv in (select iuv from attempt where cart_id = ?))`

/** The newest 200 messages, the newest first, without their bytes. */
export async function messagesOfCart(db: Knex, cartId: string): Promise<SupportMessage[]> {
  const { rows } = await db.raw<{ rows: SupportMessage[] }>(
    `select id, at, direction, operation, outcome, http_status as "httpStatus", duration_ms as "durationMs",
       request is not null as "hasRequest", response is not null as "hasResponse"
     from journal where ${OF_CART} order by at desc limit 200`,
    [cartId, cartId],
  )
  return rows
}

export const DOCUMENT_KINDS = ['richiesta', 'risposta', 'rpt', 'rt'] as const
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]

const DOCUMENT_SQL: Record<DocumentKind, string> = {
  richiesta: `select request as bytes from journal where ${OF_CART} and id = ?`,
  risposta: `select response as bytes from journal where ${OF_CART} and id = ?`,
  rpt: `select rpt.document as bytes from attempt join rpt on rpt.attempt_id = attempt.id where (cart_id = ? and cart_id = ?) and attempt.id = ?`,
  rt: `select document as bytes from receipt where (cart_id = ? and cart_id = ?) and id = ?`,
}

/** The exact bytes of a message or document of this cart; undefined when it belongs to another cart. */
export async function findDocument(
  db: Knex,
  { cartId, kind, id }: { cartId: string; kind: DocumentKind; id: string },
): Promise<Uint8Array | undefined> {
  const { rows } = await db.raw<{ rows: { bytes: Uint8Array | null }[] }>(DOCUMENT_SQL[kind], [
    cartId,
    cartId,
    id,
  ])
  return rows[0]?.bytes ?? undefined
}
