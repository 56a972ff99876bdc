import type { Knex } from 'knex'
import type { ArrivedRt, Payment, PaymentDue, PaymentRpt } from '../domain/payment/model.ts'
import { lockCart, type LockedCart } from './begin.ts'
import { lockDuesOf } from './lock-dues.ts'

/** A payment under lock: the rules' view of it, and what its writers need beside. */
export interface LockedPayment {
  payment: Payment
  cart: LockedCart
  /** Epoch ms of the database clock. */
  now: number
  /** Accepted RTs that no settlement has looked at yet, in order of arrival. */
  unhandled: UnhandledRt[]
}

export interface UnhandledRt extends ArrivedRt {
  rptId: string
  addresses: string[]
}

/** Locks a cart and its dues (in id order) and reads the rules' view of the payment. */
export async function lockPayment(trx: Knex, cartId: string): Promise<LockedPayment | undefined> {
  const cart = await lockCart(trx, cartId)
  if (!cart) return undefined
  await lockDuesOf(trx, cartId)
  const { rpts, dues, unhandled } = await readFacts(trx, cartId)
  return {
    cart,
    now: Date.parse(cart.now),
    unhandled,
    payment: {
      cart: {
        state: cart.state,
        begunAt: cart.begunAt === null ? null : Date.parse(cart.begunAt),
        sendState: cart.sendState,
        sendAttempts: cart.sendAttempts,
        hasUrl: cart.redirectUrl !== null,
      },
      rpts,
      dues,
    },
  }
}

interface Facts {
  rpts: PaymentRpt[]
  dues: PaymentDue[]
  unhandled: UnhandledRt[]
}

/** One statement, after the locks: every step of every payment passes here. */
async function readFacts(trx: Knex, cartId: string): Promise<Facts> {
  const { rows } = await trx.raw<{ rows: Facts[] }>(
    `select (${RPTS}) as rpts, (${DUES}) as dues, (${UNHANDLED}) as unhandled from (select ?::uuid as id) as cart`,
    [cartId],
  )
  return rows[0]!
}

const RPTS = `select coalesce(json_agg(json_build_object(
    'id', r.id, 'state', r.state, 'totalCents', r.total_cents, 'forced', r.forced_reason,
    'nodeState', r.node_state, 'nodeAnswers', r.node_answers, 'attention', r.attention,
    'unknownSince', (extract(epoch from r.unknown_since) * 1000)::bigint,
    'settlingRt', (select json_build_object('id', rt.id, 'outcome', rt.outcome)
       from rt where rt.rpt_id = r.id and rt.settling),
    'positions', (select json_agg(json_build_object('shareId', i.share_id, 'dueId', i.due_id,
       'cents', i.importo_cents) order by i.position) from rpt_item i where i.rpt_id = r.id)
  ) order by r.position), '[]') from rpt r where r.cart_id = cart.id`

const DUES = `select coalesce(json_agg(json_build_object(
    'id', d.id, 'state', d.state,
    'heldBy', (select case when i.cart_id = cart.id then 'this' else 'other' end
       from cart_item i where i.due_id = d.id and i.live),
    'shares', (select json_agg(json_build_object('id', s.id, 'settledBy', t.rt_id) order by s.position)
       from due_share s left join settlement t on t.share_id = s.id where s.due_id = d.id),
    'waiting', (select coalesce(json_agg(json_build_object('anomalyId', a.id, 'shareId', a.share_id, 'rtId', a.rt_id,
       'cents', a.unplaced_cents) order by a.created_at), '[]') from anomaly a
       where a.due_id = d.id and a.kind = 'late_while_paying' and a.unplaced_cents > 0 and a.closed_at is null)
  ) order by d.id), '[]') from due d where d.id in (select due_id from cart_item where cart_id = cart.id)`

const UNHANDLED = `select coalesce(json_agg(json_build_object(
    'id', rt.id, 'rptId', rt.rpt_id, 'outcome', rt.outcome, 'totalCents', rt.total_cents, 'addresses', rt.addresses,
    'itemCents', (select coalesce(json_agg((item ->> 'cents')::bigint order by nr), '[]')
       from jsonb_array_elements(rt.items::jsonb) with ordinality as items (item, nr))
  ) order by rt.received_at, rt.id), '[]') from rt where rt.cart_id = cart.id and rt.handled_at is null`
