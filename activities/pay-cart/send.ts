import type { Knex } from 'knex'
import { readOutgoing } from '../../db/payment/outgoing.ts'
import { lockPayment, type LockedPayment } from '../../db/payment/payment.ts'
import { settlingAttempts, writeChanges, writeObservations } from '../../db/payment/changes.ts'
import { writeJournal } from '../../db/journal/journal.ts'
import { decideSend, decideSending, type SendAnswer } from '../../domain/payment/answers.ts'
import type { CartStatus, StatusAsk } from '../../workflows/pay-cart/contract.ts'
import type { Exchange, Node } from '../node/port.ts'
import { statusOf } from './status.ts'

/** Host part of our Message-IDs. */
export interface PayCartDeps {
  db: Knex
  node: Node
  mailHost: string
}

/**
 * First send of a cart `begin` has committed as "in doubt", attempt 1.
 * Repeating it is harmless: same idCarrello, IUV and CCP, which the node answers with "duplicated".
 */
export async function sendFirst(deps: PayCartDeps, ask: StatusAsk): Promise<CartStatus> {
  const outgoing = await readOutgoing(deps.db, ask.cartId)
  const exchange = outgoing && (await deps.node.sendCart(outgoing))
  return deps.db.transaction(async (trx) => {
    if (exchange) await recordSend(trx, ask.cartId, exchange, deps.mailHost)
    return statusOf(trx, ask)
  })
}

/** Sends again after "unknown": noted first, because a refusal then proves nothing of the earlier send. */
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
  await writeObservations(trx, cart.id, payment, after, toldBy(trx, cart, answer))
  await writeChanges(trx, {
    cartId: cart.id,
    changes,
    addresses: new Map(),
    mailHost,
    settling: settlingAttempts(payment),
  })
}

function toldBy(trx: Knex, cart: LockedPayment['cart'], answer: SendAnswer): Record<string, unknown> {
  if (answer.kind === 'accepted') return urlColumns(trx, cart, answer.url)
  return answer.kind === 'fault' ? { fault_code: answer.faultCode } : {}
}

/** The first URL stays: the citizen may already hold it. */
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
