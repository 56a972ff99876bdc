import type { Knex } from 'knex'
import { lockPayment, type LockedPayment } from '../../db/payment.ts'
import { writeChanges, writeObservations } from '../../db/payment-changes.ts'
import { writeJournal } from '../../db/journal.ts'
import { decideSend, decideSending, type SendAnswer } from '../../domain/payment/answers.ts'
import type { OutgoingCart } from '../../domain/wire/nodo.ts'
import type { Exchange, Nodo } from '../nodo/port.ts'

/** Host part of our Message-IDs. */
export interface PayCartDeps {
  db: Knex
  nodo: Nodo
  mailHost: string
}

/** The cart's message as it was stored by `begin`: the same bytes at every send. */
export async function readOutgoing(db: Knex, cartId: string): Promise<OutgoingCart | undefined> {
  const rows = (await db('rpt')
    .join('cart', 'cart.id', 'rpt.cart_id')
    .select('rpt.domain', 'rpt.iuv', 'rpt.ccp', 'rpt.document', 'cart.carrello_id', 'cart.multi_beneficiario')
    .where({ 'rpt.cart_id': cartId, 'cart.state': 'requested' })
    .orderBy('rpt.position')) as OutgoingRow[]
  const [first] = rows
  return first && { carrelloId: first.carrello_id, multiBeneficiario: first.multi_beneficiario, rpts: rows }
}

interface OutgoingRow {
  domain: string
  iuv: string
  ccp: string
  document: Uint8Array
  carrello_id: string
  multi_beneficiario: boolean
}

/**
 * First send of a cart `begin` has committed as "in doubt", attempt 1.
 * Repeating it is harmless: same idCarrello, IUV and CCP, which the node answers with "duplicated".
 */
export async function sendFirst(deps: PayCartDeps, cartId: string): Promise<void> {
  const outgoing = await readOutgoing(deps.db, cartId)
  if (outgoing) await recordSend(deps, cartId, await deps.nodo.sendCart(outgoing))
}

/** Sends again after "unknown": noted first, because a refusal then proves nothing of the earlier send. */
export async function sendAgain(deps: PayCartDeps, cartId: string): Promise<void> {
  await deps.db.transaction(async (trx) => {
    const locked = await lockPayment(trx, cartId)
    if (locked) await writeObservations(trx, cartId, locked.payment, decideSending(locked.payment))
  })
  await sendFirst(deps, cartId)
}

async function recordSend(deps: PayCartDeps, cartId: string, exchange: Exchange<SendAnswer>): Promise<void> {
  const { answer, journal } = exchange
  await deps.db.transaction(async (trx) => {
    const locked = await lockPayment(trx, cartId)
    if (locked) await applySend(trx, locked, answer, deps.mailHost)
    await writeJournal(trx, [{ ...journal, cartId }])
  })
}

async function applySend(
  trx: Knex,
  locked: LockedPayment,
  answer: SendAnswer,
  mailHost: string,
): Promise<void> {
  const { cart, payment } = locked
  const { payment: after, changes } = decideSend(payment, answer)
  if (answer.kind === 'accepted' && answer.url !== null) await storeUrl(trx, cart.id, answer.url)
  if (answer.kind === 'fault')
    await trx('cart').where({ id: cart.id }).update({ fault_code: answer.faultCode })
  await writeObservations(trx, cart.id, payment, after)
  await writeChanges(trx, { cartId: cart.id, changes, addresses: new Map(), mailHost })
}

/** The first URL stays: the citizen may already hold it. */
export async function storeUrl(trx: Knex, cartId: string, url: string): Promise<void> {
  await trx('cart')
    .where({ id: cartId })
    .whereNull('redirect_url')
    .update({
      redirect_url: url,
      node_session: new URL(url).searchParams.get('idSession'),
      sent_at: trx.fn.now(),
    })
}
