import type { Knex } from 'knex'
import type { PaymentFacts } from '../../domain/payment/known.ts'
import { IS_OPEN, HAS_PSP, FACTS, FACTS_FROM } from './known.ts'
import { plannedRows } from '../ground/planned.ts'

/** A payment with what its pages may say of it. */
export interface PaymentState extends PaymentFacts {
  id: string
  redirectUrl: string | null
}

/** What the waiting page says of a payment that is not decided. */
export interface Waiting {
  /** Since when the last thing happened that we know of. */
  since: string | null
  /** When the node is asked again. */
  nextLookAt: string | null
  /** The node says that a PSP has it. */
  isTaken: boolean
}

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

/** The documents that say money arrived, one per attempt. */
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
 * Notes the first return, and a later one that says more: paid, or paid later. In one statement: a page reloaded or a link
 * called again writes nothing, and what was said once is not taken back.
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

/** Begun payments, the latest first. */
export async function listPayments(db: Knex, cartIds: readonly string[]): Promise<PaymentSummary[]> {
  if (cartIds.length === 0) return []
  const { rows } = await db.raw<{ rows: PaymentSummary[] }>(
    `select c.id, c.redirect_url as "redirectUrl", c.begun_at as "begunAt", ${FACTS} from cart c ${FACTS_FROM}
     where c.id = any (?::uuid[]) and c.begun_at is not null order by c.begun_at desc`,
    [[...cartIds]],
  )
  return rows
}
