import type { Knex } from 'knex'
import type { PaymentFacts } from '../../domain/payment/known.ts'
import { IS_OPEN, HAS_PSP, FACTS, FACTS_FROM } from './known.ts'
import { plannedRows } from '../ground/planned.ts'

/** A payment with the facts that its pages show. */
export interface PaymentState extends PaymentFacts {
  id: string
  redirectUrl: string | null
}

/** What the waiting page shows of a payment without an outcome. */
export interface Waiting {
  /** When the citizen came back from the node, or else when the payment began. */
  since: string | null
  /** When the payment process asks the node next. */
  nextLookAt: string | null
  /** True when a PSP has accepted an attempt, according to the node. */
  isTaken: boolean
}

/** The cart must exist. */
export async function findWaiting(db: Knex, cartId: string): Promise<Waiting> {
  const rows = await plannedRows<Waiting>(
    db,
    `select coalesce(c.returned_at, c.begun_at) as since, min(r.next_check_at) as "nextLookAt",
       coalesce(bool_or(${HAS_PSP}), false) as "isTaken"
     from cart c left join attempt r on r.cart_id = c.id and ${IS_OPEN} where c.id = ? group by c.id`,
    [cartId],
  )
  return rows[0]!
}

export async function findPaymentState(db: Knex, cartId: string): Promise<PaymentState | undefined> {
  const rows = await plannedRows<PaymentState>(
    db,
    `select c.id, c.redirect_url as "redirectUrl", ${FACTS} from cart c ${FACTS_FROM} where c.id = ?`,
    [cartId],
  )
  return rows[0]
}

export interface ReceiptLink {
  receiptId: string
  enteName: string
  iuv: string
  totalCents: number
}

/** The receipts that prove a payment, one per attempt. */
export async function receiptsOf(db: Knex, cartId: string): Promise<ReceiptLink[]> {
  const rows = await plannedRows<ReceiptLink>(
    db,
    `select receipt.id as "receiptId", receipt.iuv, receipt.total_cents as "totalCents",
       (select s.ente_name from attempt_item i join due_share s on s.id = i.share_id where i.attempt_id = r.id
        order by i.position limit 1) as "enteName"
     from receipt join attempt r on r.id = receipt.attempt_id
     where receipt.cart_id = ? and receipt.settling and receipt.total_cents > 0 order by r.position`,
    [cartId],
  )
  return rows
}

/**
 * Records that the citizen came back from the node with this `esito`: the first time, and again only if OK or DIFFERITO is new. A page
 * that is reloaded therefore writes nothing, and a later return never removes an earlier OK. One statement, so that two returns at
 * once cannot both be the first.
 */
export async function recordReturn(db: Knex, cartId: string, esito: string): Promise<void> {
  const [isOk, isDeferred] = [esito === 'OK', esito === 'DIFFERITO']
  await db.raw(
    `with back as (update cart set returned_at = coalesce(returned_at, now()), returned_ok = returned_ok or ?,
         deferred = deferred or ?
       where id = ? and (returned_at is null or (? and not returned_ok) or (? and not deferred)) returning id)
     insert into event (entity, entity_id, kind, data) select 'cart', id, 'citizen_returned', ? from back`,
    [isOk, isDeferred, cartId, isOk, isDeferred, JSON.stringify({ esito })],
  )
}

export interface PaymentSummary extends PaymentState {
  begunAt: string
}

/** Those of these carts that have begun, the latest first. */
export async function listPayments(db: Knex, cartIds: readonly string[]): Promise<PaymentSummary[]> {
  if (cartIds.length === 0) return []
  const { rows } = await db.raw<{ rows: PaymentSummary[] }>(
    `select c.id, c.redirect_url as "redirectUrl", c.begun_at as "begunAt", ${FACTS} from cart c ${FACTS_FROM}
     where c.id = any (?::uuid[]) and c.begun_at is not null order by c.begun_at desc`,
    [[...cartIds]],
  )
  return rows
}
