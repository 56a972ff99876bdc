import { decided, longWait, look, type At, type Decision } from './decision.ts'
import { attemptOf, withAttempt } from './draft.ts'
import type { Payment } from './model.ts'
import { forceNegative } from './settle.ts'

/**
 * Resolves a send whose answer was lost, when the node says that it does not know the attempt: the same cart is sent again while the
 * citizen may still be waiting; later two such answers, far enough apart, prove that the node never had it (D4).
 */
export function resolveUnknown(payment: Payment, attemptId: string, at: At): Decision {
  // The node knew the cart before, so "unknown" contradicts it, and money may be moving.
  if (wasTaken(payment)) return decided(look(payment, attemptId, 'node_contradicts'))
  if (at.age <= at.chase.resendFor) return { ...decided(payment), act: 'resend' }
  const since = attemptOf(payment, attemptId).unknownSince
  if (since === null)
    return decided(withAttempt(payment, attemptId, (attempt) => ({ ...attempt, unknownSince: at.now })))
  if (at.now - since < at.chase.unknownApart) return decided(payment)
  const forced = forceNegative(payment, [attemptId], 'unknown_to_node')
  return { payment: forced.payment, changes: forced.changes, act: 'wait' }
}

function wasTaken(payment: Payment): boolean {
  return (
    payment.cart.hasUrl ||
    payment.attempts.some((attempt) => attempt.state !== 'created' && attempt.forced === null)
  )
}

/**
 * For a node without nodoChiediStatoRPT: sends the same cart again while that can help, and otherwise asks for a copy
 * of the receipt.
 */
export function resolveWithoutState(payment: Payment, attemptId: string, at: At): Decision {
  const mayResend = payment.cart.sendState === 'in_doubt' && at.age <= at.chase.resendFor
  if (mayResend) return { ...decided(payment), act: 'resend' }
  const attention = payment.cart.hasUrl ? longWait(at) : 'lost_url'
  return { ...decided(look(payment, attemptId, attention)), act: 'ask_copy' }
}
