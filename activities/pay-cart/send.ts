import type { Knex } from 'knex'
import { lockPayment, type LockedPayment } from '../../db/payment/payment.ts'
import { settlingAttempts, writeChanges, writeObservations } from '../../db/payment/changes.ts'
import { writeJournal } from '../../db/journal/journal.ts'
import { decideSend, decideSending, type SendAnswer } from '../../domain/payment/answers.ts'
import type { OutgoingCart } from '../../domain/payment/outgoing.ts'
import type { CartStatus, StatusAsk } from '../../workflows/pay-cart/contract.ts'
import type { Exchange, Node } from '../node/port.ts'
import { statusOf } from './status.ts'

/** Host part of our Message-IDs. */
export interface PayCartDeps {
  db: Knex
  node: Node
  mailHost: string
}

/** The cart's message as it was stored by `begin`, the same bytes at every send; nothing when a part of it is not here. */
export async function readOutgoing(db: Knex, cartId: string): Promise<OutgoingCart | undefined> {
  const rows = (await db('attempt')
    .join('cart', 'cart.id', 'attempt.cart_id')
    .leftJoin('rpt', 'rpt.attempt_id', 'attempt.id')
    .select(
      ...['attempt.domain', 'attempt.iuv', 'attempt.ccp', 'rpt.document'],
      ...['cart.carrello_id', 'cart.multi_beneficiario', 'cart.psp'],
    )
    .where({ 'attempt.cart_id': cartId, 'cart.state': 'requested' })
    .orderBy('attempt.position')) as OutgoingRow[]
  const [first] = rows
  const attempts = rows.filter(hasDocument)
  if (!first || attempts.length < rows.length) return undefined
  const { carrello_id: carrelloId, multi_beneficiario: multiBeneficiario, psp } = first
  return { carrelloId, multiBeneficiario, attempts, psp: psp ?? undefined }
}

interface OutgoingRow {
  domain: string
  iuv: string
  ccp: string
  document: Uint8Array | null
  carrello_id: string
  multi_beneficiario: boolean
  psp: OutgoingCart['psp'] | null
}

const hasDocument = (row: OutgoingRow): row is OutgoingRow & { document: Uint8Array } => row.document !== null

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
