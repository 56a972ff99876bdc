import type { Knex } from 'knex'
import type { CartState } from '../domain/states.ts'
import { plannedRows } from './planned.ts'

/** What anybody may know of a payment: its bare state. */
export interface PaymentState {
  id: string
  state: CartState
  redirectUrl: string | null
  hasReturned: boolean
  /** The payer said that he pays later. */
  isDeferred: boolean
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
       coalesce(bool_or(r.node_state in ('RPT_ACCETTATA_PSP', 'RT_RICEVUTA_NODO', 'RT_ACCETTATA_NODO')), false) as "isTaken"
     from cart c left join rpt r on r.cart_id = c.id and r.state in ('created', 'sent') where c.id = ? group by c.id`,
    [cartId],
  )
  return rows[0]!
}

export async function findPaymentState(db: Knex, cartId: string): Promise<PaymentState | undefined> {
  const rows = await plannedRows<PaymentState>(
    db,
    `select id, state, redirect_url as "redirectUrl", returned_at is not null as "hasReturned", deferred as "isDeferred" from cart where id = ?`,
    [cartId],
  )
  return rows[0]
}

export interface ReceiptLink {
  rtId: string
  enteName: string
  iuv: string
  totalCents: number
}

/** The documents that say money arrived, one per RPT. */
export async function receiptsOf(db: Knex, cartId: string): Promise<ReceiptLink[]> {
  const rows = await plannedRows<ReceiptLink>(
    db,
    `select rt.id as "rtId", rt.iuv, rt.total_cents as "totalCents",
       (select s.ente_name from rpt_item i join dovuto_share s on s.id = i.share_id where i.rpt_id = r.id
        order by i.position limit 1) as "enteName"
     from rt join rpt r on r.id = rt.rpt_id
     where rt.cart_id = ? and rt.settling and rt.total_cents > 0 order by r.position`,
    [cartId],
  )
  return rows
}

/** Notes the first return only, in one statement: a page reloaded or a link called again writes nothing. */
export async function recordReturn(db: Knex, cartId: string, esito: string): Promise<void> {
  await db.raw(
    `with back as (update cart set returned_at = now(), deferred = ? where id = ? and returned_at is null returning id)
     insert into event (entity, entity_id, kind, data) select 'cart', id, 'citizen_returned', ? from back`,
    [esito === 'DIFFERITO', cartId, JSON.stringify({ esito })],
  )
}

export interface PaymentSummary extends PaymentState {
  begunAt: string
}

/** Begun payments, the latest first. */
export async function listPayments(db: Knex, cartIds: readonly string[]): Promise<PaymentSummary[]> {
  if (cartIds.length === 0) return []
  const { rows } = await db.raw<{ rows: PaymentSummary[] }>(
    `select id, state, redirect_url as "redirectUrl", returned_at is not null as "hasReturned", deferred as "isDeferred", begun_at as "begunAt"
     from cart where id = any (?::uuid[]) and begun_at is not null order by begun_at desc`,
    [[...cartIds]],
  )
  return rows
}
