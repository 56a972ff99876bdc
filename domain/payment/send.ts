import { decided, markSent, openIds, type Decision } from './decision.ts'
import type { Payment } from './model.ts'
import { forceNegative } from './settle.ts'

/**
 * What a fault proves about the cart that we sent. `refused`: the node took nothing of it. `already`: the node has it
 * from an earlier send. `unknown`: everything else.
 */
export type FaultMeaning = 'refused' | 'already' | 'unknown'

/** The node's answer to the cart that we sent. `unknown` covers every answer that proves nothing. */
export type SendAnswer =
  | { kind: 'accepted'; url: string | null }
  | { kind: 'fault'; meaning: FaultMeaning; faultCode: string }
  | { kind: 'unknown'; why: string }

/** Called before each send. From here on the message may have arrived, so earlier "unknown" answers no longer count. */
export function decideSending(payment: Payment): Payment {
  const cart = {
    ...payment.cart,
    sendState: 'in_doubt' as const,
    sendAttempts: payment.cart.sendAttempts + 1,
  }
  return {
    ...payment,
    cart,
    attempts: payment.attempts.map((attempt) => ({ ...attempt, unknownSince: null })),
  }
}

/** D1: only a refusal of the closed list, in answer to the only send, proves that the node took nothing. */
export function decideSend(payment: Payment, answer: SendAnswer): Decision {
  if (payment.cart.state !== 'requested') return decided(payment)
  if (answer.kind === 'accepted') return accepted(payment, answer.url)
  const meaning = answer.kind === 'fault' ? answer.meaning : 'unknown'
  if (meaning === 'already') return accepted(payment, null)
  if (meaning === 'refused' && payment.cart.sendAttempts === 1) return refused(payment)
  return decided(payment)
}

function accepted(payment: Payment, url: string | null): Decision {
  const cart = {
    ...payment.cart,
    sendState: 'accepted' as const,
    hasUrl: payment.cart.hasUrl || url !== null,
  }
  const marked = { ...payment, cart }
  return markSent(marked, openIds(marked))
}

function refused(payment: Payment): Decision {
  const { payment: after, changes } = forceNegative(payment, openIds(payment), 'refused')
  return { payment: { ...after, cart: { ...after.cart, sendState: 'refused' } }, changes, act: 'wait' }
}
