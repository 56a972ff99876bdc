import type { Knex } from 'knex'
import { readOutgoing } from '../../db/payment/outgoing.ts'
import { lockPayment, type LockedPayment } from '../../db/payment/payment.ts'
import { settlingAttempts, writeChanges, writeObservations } from '../../db/payment/changes.ts'
import { writeJournal } from '../../db/journal/journal.ts'
import { decideSend, decideSending, type SendAnswer } from '../../domain/payment/send.ts'
import type { CartStatus, StatusAsk } from '../../workflows/pay-cart/contract.ts'
import type { Exchange, Node } from '../node/port.ts'
import { statusOf } from './status.ts'

export interface PayCartDeps {
  db: Knex
  node: Node
  /** The part after `@` in our Message-IDs. */
  mailHost: string
}

/**
 * Sends a cart whose send is already recorded as in doubt, by `beginCart` or by `sendAgain`. Safe to repeat: the message has the same
 * idCarrello, IUV and CCP, so the node answers that it has it.
 */
export async function sendFirst(deps: PayCartDeps, ask: StatusAsk): Promise<CartStatus> {
  const outgoing = await readOutgoing(deps.db, ask.cartId)
  const exchange = outgoing && (await deps.node.sendCart(outgoing))
  return deps.db.transaction(async (trx) => {
    if (exchange) await recordSend(trx, ask.cartId, exchange, deps.mailHost)
    return statusOf(trx, ask)
  })
}

/**
 * Sends a cart once more after an unknown answer. The send is recorded first, because a refusal of it does not prove that the earlier
 * send failed.
 */
export async function sendAgain(deps: PayCartDeps, ask: StatusAsk): Promise<CartStatus> {
  await deps.db.transaction(async (trx) => {
    const locked = await lockPayment(trx, ask.cartId)
    if (locked) await writeObservations(trx, ask.cartId, locked.payment, decideSending(locked.payment))
  })
  return sendFirst(deps, ask)
}

async function recordSend(
  trx: Knex,
  cartId: string,
  { answer, journal }: Exchange<SendAnswer>,
  mailHost: string,
): Promise<void> {
  const locked = await lockPayment(trx, cartId)
  if (locked) await applySend(trx, locked, answer, mailHost)
  await writeJournal(trx, [{ ...journal, cartId }])
}

async function applySend(
  trx: Knex,
  { cart, payment }: LockedPayment,
  answer: SendAnswer,
  mailHost: string,
): Promise<void> {
  const { payment: after, changes } = decideSend(payment, answer)
  await writeObservations(trx, cart.id, payment, after, columnsOf(trx, cart, answer))
  await writeChanges(trx, {
    cartId: cart.id,
    changes,
    addresses: new Map(),
    mailHost,
    settling: settlingAttempts(payment),
  })
}

/** The columns of the cart that this answer gives. */
function columnsOf(trx: Knex, cart: LockedPayment['cart'], answer: SendAnswer): Record<string, unknown> {
  if (answer.kind === 'accepted') return urlColumns(trx, cart, answer.url)
  return answer.kind === 'fault' ? { fault_code: answer.faultCode } : {}
}

/** The columns of the cart for the address of the node's page. The first address stays, because the citizen may have it already. */
export function urlColumns(
  trx: Knex,
  cart: LockedPayment['cart'],
  url: string | null,
): Record<string, unknown> {
  if (url === null || cart.redirectUrl !== null) return {}
  return {
    redirect_url: url,
    node_session: new URL(url).searchParams.get('idSession'),
    sent_at: trx.fn.now(),
  }
}
