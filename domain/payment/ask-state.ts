import { isOpenAttempt } from '../states.ts'
import type { Chase } from './chase.ts'
import { decided, longWait, look, markSent, type At, type Decision } from './decision.ts'
import { attemptOf, withAttempt } from './draft.ts'
import { resolveUnknown, resolveWithoutState } from './lost-send.ts'
import type { Payment, PaymentAttempt, Progress } from './model.ts'
import { forceNegative } from './settle.ts'

/** The node's answer about the state of one attempt. */
export type StateAnswer =
  | ({ kind: 'known' } & KnownState)
  | { kind: 'unknown_attempt' }
  | { kind: 'no_answer'; why: string }
  | { kind: 'not_offered' }

/** The node has the attempt. `state` is the node's own word for `progress`. */
export interface KnownState {
  progress: Progress
  state: string
  url: string | null
}

/** In these states the node may hold a receipt that we do not have. */
const MAY_HAVE_RECEIPT: ReadonlySet<Progress> = new Set(['receipt', 'resolved'])

/** D2, D3 and D4: decides what an answer about one attempt allows at `now` (epoch ms). */
export function decideState(
  payment: Payment,
  attemptId: string,
  answer: StateAnswer,
  { now, chase }: { now: number; chase: Chase },
): Decision {
  if (!isOpenAttempt(attemptOf(payment, attemptId).state)) return decided(payment)
  const age = now - (payment.cart.begunAt ?? now)
  const at = { now, age, chase }
  if (answer.kind === 'known') return known(payment, attemptId, answer, at)
  if (answer.kind === 'unknown_attempt') return resolveUnknown(payment, attemptId, at)
  if (answer.kind === 'not_offered') return resolveWithoutState(payment, attemptId, at)
  return decided(look(payment, attemptId, longWait(at)))
}

function known(payment: Payment, attemptId: string, answer: KnownState, at: At): Decision {
  const hasUrl = payment.cart.hasUrl || answer.url !== null
  const cart = { ...payment.cart, hasUrl, sendState: 'accepted' as const }
  const answered = withAttempt({ ...payment, cart }, attemptId, (attempt) => ({
    ...attempt,
    progress: answer.progress,
    nodeState: answer.state,
    nodeAnswers: attempt.nodeAnswers + 1,
    unknownSince: null,
  }))
  if (isSilence(attemptOf(answered, attemptId), at)) {
    const forced = forceNegative(answered, [attemptId], 'silence')
    return { payment: forced.payment, changes: forced.changes, act: 'wait' }
  }
  // The state `closed` proves nothing (D1), but a person should check.
  const attention = answer.progress === 'closed' ? 'node_refused' : hasUrl ? longWait(at) : 'lost_url'
  const sent = markSent(look(answered, attemptId, attention), [attemptId])
  return { ...sent, act: MAY_HAVE_RECEIPT.has(answer.progress) ? 'ask_copy' : 'wait' }
}

function isSilence(attempt: PaymentAttempt, { age, chase }: At): boolean {
  return (
    attempt.progress === 'unaccepted' &&
    age > chase.silenceAfter &&
    attempt.nodeAnswers >= chase.silenceAnswers
  )
}
