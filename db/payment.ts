import type { Knex } from 'knex'
import type { ArrivedRt, OutcomeCode, Payment, PaymentDovuto, PaymentRpt } from '../domain/payment/model.ts'
import { lockCart, type LockedCart } from './begin.ts'
import { lockDovutiOf } from './lock-dovuti.ts'

/** A payment under lock: the rules' view of it, and what its writers need beside. */
export interface LockedPayment {
  payment: Payment
  cart: LockedCart
  /** Epoch ms of the database clock. */
  now: number
}

/** Locks a cart, its RPTs and its dues (dues in id order) and reads the rules' view of them. */
export async function lockPayment(trx: Knex, cartId: string): Promise<LockedPayment | undefined> {
  const cart = await lockCart(trx, cartId)
  if (!cart) return undefined
  const rpts = await readRpts(trx, cartId)
  const dovuti = await lockDovuti(trx, cartId)
  return {
    cart,
    now: Date.parse(cart.now),
    payment: {
      cart: {
        state: cart.state,
        begunAt: cart.begunAt === null ? null : Date.parse(cart.begunAt),
        sendState: cart.sendState,
        sendAttempts: cart.sendAttempts,
        hasUrl: cart.redirectUrl !== null,
      },
      rpts,
      dovuti,
    },
  }
}

async function readRpts(trx: Knex, cartId: string): Promise<PaymentRpt[]> {
  const { rows } = await trx.raw<{ rows: (PaymentRpt & { unknownSince: string | null })[] }>(
    `select r.id, r.state, r.total_cents as "totalCents", r.forced_reason as forced, r.node_state as "nodeState",
       r.node_answers as "nodeAnswers", (extract(epoch from r.unknown_since) * 1000)::bigint as "unknownSince",
       r.attention,
       (select json_build_object('id', rt.id, 'outcome', rt.outcome) from rt where rt.rpt_id = r.id and rt.settling)
         as "settlingRt",
       (select json_agg(json_build_object('shareId', i.share_id, 'dovutoId', i.dovuto_id, 'cents', i.importo_cents)
          order by i.position) from rpt_item i where i.rpt_id = r.id) as positions
     from rpt r where r.cart_id = ? order by r.position`,
    [cartId],
  )
  return rows
}

async function lockDovuti(trx: Knex, cartId: string): Promise<PaymentDovuto[]> {
  await lockDovutiOf(trx, cartId)
  const { rows } = await trx.raw<{ rows: PaymentDovuto[] }>(
    `select d.id, d.state,
       (select case when i.cart_id = ? then 'this' else 'other' end
        from cart_item i where i.dovuto_id = d.id and i.live) as "heldBy",
       (select json_agg(json_build_object('id', s.id, 'settledBy', t.rt_id) order by s.position)
        from dovuto_share s left join settlement t on t.share_id = s.id where s.dovuto_id = d.id) as shares,
       coalesce((select json_agg(json_build_object('anomalyId', a.id, 'shareId', a.share_id, 'rtId', a.rt_id,
          'cents', a.unplaced_cents) order by a.created_at)
        from anomaly a where a.dovuto_id = d.id and a.kind = 'late_while_paying' and a.unplaced_cents > 0
          and a.closed_at is null), '[]') as waiting
     from dovuto d where d.id in (select dovuto_id from cart_item where cart_id = ?) order by d.id`,
    [cartId, cartId],
  )
  return rows
}

export interface UnhandledRt extends ArrivedRt {
  rptId: string
  addresses: string[]
}

/** Accepted RTs of the cart that no settlement has looked at yet, in order of arrival. */
export async function unhandledRts(trx: Knex, cartId: string): Promise<UnhandledRt[]> {
  const rows = (await trx('rt')
    .select('id', 'rpt_id', 'outcome', 'total_cents', 'items', 'addresses')
    .where({ cart_id: cartId })
    .whereNull('handled_at')
    .orderBy(['received_at', 'id'])) as RtRow[]
  return rows.map((row) => ({
    id: row.id,
    rptId: row.rpt_id,
    outcome: row.outcome,
    totalCents: row.total_cents,
    itemCents: row.items.map((item) => item.cents),
    addresses: row.addresses,
  }))
}

interface RtRow {
  id: string
  rpt_id: string
  outcome: OutcomeCode
  total_cents: number
  items: { cents: number }[]
  addresses: string[]
}
