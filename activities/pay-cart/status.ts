import type { Knex } from 'knex'
import { readCartStatus, type CartStatusRow } from '../../db/payment/cart-status.ts'
import type { LockedCart, NewAttempt } from '../../db/payment/begin.ts'
import { announceNextCheck } from '../../db/payment/changes.ts'
import { nextLook } from '../../domain/payment/chase.ts'
import {
  mailSummary,
  paymentSummary,
  paymentWords,
  returnedWords,
  sendingWords,
} from '../../templates/process-words.ts'
import type { CartStatus, CartWords, StatusAsk } from '../../workflows/pay-cart/contract.ts'

/** What the payment process reads between two steps. While an attempt is open it also stores when the next check will be. */
export async function statusOf(trx: Knex, ask: StatusAsk): Promise<CartStatus> {
  const row = await readCartStatus(trx, ask.cartId)
  const lookIn = lookInFor(row, ask)
  if (row.open > 0) await announceNextCheck(trx, ask.cartId, lookIn)
  return {
    state: row.state,
    kind: row.kind,
    open: row.open,
    unhandled: row.unhandled,
    isWaitedFor: isWaitedFor(row) && row.open > 0,
    url: row.url,
    faultCode: row.faultCode,
    attention: row.attention,
    lookIn,
    openFor: openFor(row, ask),
    mailIds: row.mailIds,
    unplacedCents: row.unplacedCents,
    words: wordsFor(row, ask, lookIn),
    enteId: row.enteId,
    iuv: row.iuv,
  }
}

/** The status right after `beginCart`, without reading it back. `insertBegun` has stored when the first check will be. */
export function statusAtBegin(cart: LockedCart, attempts: readonly NewAttempt[], ask: StatusAsk): CartStatus {
  return {
    state: 'requested',
    kind: cart.kind,
    open: attempts.length,
    unhandled: 0,
    isWaitedFor: true,
    url: null,
    faultCode: null,
    attention: null,
    lookIn: firstLook(ask),
    openFor: 0,
    mailIds: [],
    words: { now: sendingWords() },
    enteId: attempts[0]!.enteId,
    iuv: attempts[0]!.iuv,
  }
}

function wordsFor(row: CartStatusRow, ask: StatusAsk, lookIn: number): CartWords {
  const after = (ms: number): string => new Date(ask.now + ms).toISOString()
  const now = paymentWords({
    ...row,
    isWaitedFor: isWaitedFor(row),
    now: after(0),
    lookAt: after(lookIn),
    closesAt: after(openFor(row, ask)),
  })
  return {
    now,
    ...(row.open > 0 ? { returned: returnedWords(Math.min(ask.chase.afterReturn, lookIn)) } : {}),
    ...(row.mailIds.length > 0 ? { mail: mailSummary('receipt', paymentSummary(row)) } : {}),
  }
}

export const firstLook = (ask: StatusAsk): number =>
  lookInFor({ begunAtMs: null, sendState: 'in_doubt', kind: 'citizen', url: null }, ask)

/** Milliseconds until the next check. The age is by the clock of the workflow, because its timers and the time skipping of tests use it. */
function lookInFor(
  row: Pick<CartStatusRow, 'begunAtMs' | 'sendState' | 'kind' | 'url'>,
  ask: StatusAsk,
): number {
  // A payment that a PSP began and that is not sent yet is due at once.
  if (row.sendState === 'unsent' && row.begunAtMs !== null) return 1
  const age = Math.max(0, ask.now - (row.begunAtMs ?? ask.now))
  return nextLook(ask.chase, { age, doubts: isWaitedFor(row) ? ask.doubts : null })
}

/**
 * True while a citizen waits for the address of the node's page: the answer to the send is unknown, or the node accepted the cart without
 * an address. A payment at a PSP needs no address, so it waits only for an unknown answer.
 */
const isWaitedFor = (row: Pick<CartStatusRow, 'sendState' | 'kind' | 'url'>): boolean =>
  row.sendState === 'in_doubt' || (row.sendState === 'accepted' && row.url === null && row.kind !== 'psp')

function openFor(row: CartStatusRow, { abandon }: StatusAsk): number {
  const left = row.kind === 'ente' ? abandon.expireAfter - row.createdAgoMs : row.openForMs
  return Math.max(0, left)
}
