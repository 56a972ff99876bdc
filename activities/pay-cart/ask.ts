import { isUnsent, openAttempts } from '../../db/payment/outgoing.ts'
import { lockPayment } from '../../db/payment/payment.ts'
import { settlingAttempts, writeChanges, writeObservations } from '../../db/payment/changes.ts'
import { writeJournal } from '../../db/journal/journal.ts'
import { decideState, type StateAnswer } from '../../domain/payment/ask-state.ts'
import type { NextAct } from '../../domain/payment/decision.ts'
import type { StatusAsk } from '../../workflows/pay-cart/contract.ts'
import type { Exchange } from '../node/port.ts'
import { acceptCopy } from './copy.ts'
import { sendAgain, urlColumns, type PayCartDeps } from './send.ts'

/** Queries the node about every open attempt and does what the rules allow (D2, D3, D4). Safe to repeat: it only queries again. */
export async function askEach(deps: PayCartDeps, ask: StatusAsk): Promise<void> {
  // The first send of a payment that a PSP began. It is recorded before it happens, so that after a lost answer the node is queried.
  if (await isUnsent(deps.db, ask.cartId)) return void (await sendAgain(deps, ask))
  const open = await openAttempts(deps.db, ask.cartId)
  const acts = new Set<NextAct>()
  for (const attempt of open) {
    const exchange = await deps.node.askState({
      domain: attempt.domain,
      iuv: attempt.iuv,
      attemptCode: attempt.attemptCode,
    })
    const act = await recordState(deps, ask, attempt.id, exchange)
    if (act === 'ask_copy') await acceptCopy(deps, ask.cartId, attempt)
    acts.add(act)
  }
  // One message has all attempts of the cart, so it is sent again only once.
  if (acts.has('resend')) await sendAgain(deps, ask)
}

function recordState(
  { db, mailHost }: PayCartDeps,
  { cartId, chase, now }: StatusAsk,
  attemptId: string,
  { answer, journal }: Exchange<StateAnswer>,
): Promise<NextAct> {
  return db.transaction(async (trx) => {
    await writeJournal(trx, [{ ...journal, cartId }])
    const locked = await lockPayment(trx, cartId)
    if (!locked) return 'wait'
    const decision = decideState(locked.payment, attemptId, answer, { now, chase })
    const columns = answer.kind === 'known' ? urlColumns(trx, locked.cart, answer.url) : {}
    await writeObservations(trx, cartId, locked.payment, decision.payment, columns)
    await writeChanges(trx, {
      cartId,
      changes: decision.changes,
      addresses: new Map(),
      mailHost,
      settling: settlingAttempts(locked.payment),
    })
    return decision.act
  })
}
