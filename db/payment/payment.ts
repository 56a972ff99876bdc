import type { Knex } from 'knex'
import type { ArrivedReceipt, Payment, PaymentDue, PaymentAttempt } from '../../domain/payment/model.ts'
import { lockCart, type LockedCart } from './begin.ts'
import { lockDuesOf } from '../due/lock.ts'

/** A locked payment: `payment` is what the rules read, the rest is for the code that writes their decisions. */
export interface LockedPayment {
  payment: Payment
  cart: LockedCart
  /** Clock of the database, in milliseconds since 1970. */
  now: number
  /** Accepted receipts that no settlement has read yet, in order of arrival. */
  unhandled: UnhandledReceipt[]
}

export interface UnhandledReceipt extends ArrivedReceipt {
  attemptId: string
  addresses: string[]
}

/** Locks a cart, then its dues in the order of their ids, and reads the payment. Undefined when there is no such cart. */
export async function lockPayment(trx: Knex, cartId: string): Promise<LockedPayment | undefined> {
  const cart = await lockCart(trx, cartId)
  if (!cart) return undefined
  await lockDuesOf(trx, cartId)
  const { attempts, dues, unhandled } = await readFacts(trx, cartId)
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
      attempts,
      dues,
    },
  }
}

interface Facts {
  attempts: PaymentAttempt[]
  dues: PaymentDue[]
  unhandled: UnhandledReceipt[]
}

/** Reads everything in one statement, because every step of every payment does this. Called after the locks are taken. */
async function readFacts(trx: Knex, cartId: string): Promise<Facts> {
  const { rows } = await trx.raw<{ rows: Facts[] }>(
    `select (${ATTEMPTS}) as attempts, (${DUES}) as dues, (${UNHANDLED}) as unhandled from (select ?::uuid as id) as cart`,
    [cartId],
  )
  return rows[0]!
}

const ATTEMPTS = `select coalesce(json_agg(json_build_object(
    'id', r.id, 'state', r.state, 'totalCents', r.total_cents, 'forced', r.forced_reason,
    'progress', r.progress, 'nodeState', rpt.node_state, 'nodeAnswers', r.node_answers, 'attention', r.attention,
    'unknownSince', (extract(epoch from r.unknown_since) * 1000)::bigint,
    'settlingReceipt', (select json_build_object('id', receipt.id, 'outcome', receipt.outcome)
       from receipt where receipt.attempt_id = r.id and receipt.settling),
    'positions', (select json_agg(json_build_object('shareId', i.share_id, 'dueId', i.due_id,
       'cents', i.importo_cents) order by i.position) from attempt_item i where i.attempt_id = r.id)
  ) order by r.position), '[]') from attempt r left join rpt on rpt.attempt_id = r.id where r.cart_id = cart.id`

const DUES = `select coalesce(json_agg(json_build_object(
    'id', d.id, 'state', d.state,
    'heldBy', (select case when i.cart_id = cart.id then 'this' else 'other' end
       from cart_item i where i.due_id = d.id and i.live),
    'shares', (select json_agg(json_build_object('id', s.id, 'settledBy', t.receipt_id, 'isReported', t.reported_row_id is not null) order by s.position)
       from due_share s left join settlement t on t.share_id = s.id where s.due_id = d.id),
    'waiting', (select coalesce(json_agg(json_build_object('anomalyId', a.id, 'shareId', a.share_id, 'receiptId', a.receipt_id,
       'cents', a.unplaced_cents) order by a.created_at), '[]') from anomaly a
       where a.due_id = d.id and a.kind = 'late_while_paying' and a.unplaced_cents > 0 and a.state = 'open')
  ) order by d.id), '[]') from due d where d.id in (select due_id from cart_item where cart_id = cart.id)`

const UNHANDLED = `select coalesce(json_agg(json_build_object(
    'id', receipt.id, 'attemptId', receipt.attempt_id, 'outcome', receipt.outcome, 'totalCents', receipt.total_cents, 'addresses', receipt.addresses,
    'itemCents', (select coalesce(json_agg((item ->> 'cents')::bigint order by nr), '[]')
       from jsonb_array_elements(receipt.items::jsonb) with ordinality as items (item, nr))
  ) order by receipt.received_at, receipt.id), '[]') from receipt where receipt.cart_id = cart.id and receipt.handled_at is null`
