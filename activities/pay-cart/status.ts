import type { Knex } from 'knex'
import { readCartStatus, type CartStatusRow } from '../../db/payment/cart-status.ts'
import type { LockedCart, NewAttempt } from '../../db/payment/begin.ts'
import { announceNextCheck } from '../../db/payment/changes.ts'
import { nextLook } from '../../domain/payment/chase.ts'
import type { CartStatus, StatusAsk } from '../../workflows/pay-cart/contract.ts'

/** What the process needs next; a payment still open gets its next look announced in the same transaction. */
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
    enteId: row.enteId,
    iuv: row.iuv,
  }
}

/** What `begin` has just written, without reading it back; its transaction announces the first look itself. */
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
    enteId: attempts[0]!.enteId,
    iuv: attempts[0]!.iuv,
  }
}

export const firstLook = (ask: StatusAsk): number =>
  lookInFor({ begunAtMs: null, sendState: 'in_doubt', kind: 'citizen', url: null }, ask)

/** Age by the workflow's clock: it is the one that skips time in tests, and the one its timers run on. */
function lookInFor(
  row: Pick<CartStatusRow, 'begunAtMs' | 'sendState' | 'kind' | 'url'>,
  ask: StatusAsk,
): number {
  // Begun by a PSP and not sent yet: now.
  if (row.sendState === 'unsent' && row.begunAtMs !== null) return 1
  const age = Math.max(0, ask.now - (row.begunAtMs ?? ask.now))
  return nextLook(ask.chase, { age, doubts: isWaitedFor(row) ? ask.doubts : null })
}

/**
 * Somebody waits for the address of the node's page: the answer to the send was lost, or the node has the cart and has not
 * said where to pay. At a PSP's counter nobody is sent anywhere.
 */
const isWaitedFor = (row: Pick<CartStatusRow, 'sendState' | 'kind' | 'url'>): boolean =>
  row.sendState === 'in_doubt' || (row.sendState === 'accepted' && row.url === null && row.kind !== 'psp')

function openFor(row: CartStatusRow, { abandon }: StatusAsk): number {
  const left = row.kind === 'ente' ? abandon.expireAfter - row.createdAgoMs : row.openForMs
  return Math.max(0, left)
}
