import { isOpenAttempt } from '../states.ts'
import type { Chase } from './chase.ts'
import { attemptOf, withAttempt } from './draft.ts'
import { UNCLEAR_KINDS } from './known.ts'
import type { Attention, Payment, PaymentAttempt, Progress } from './model.ts'
import { forceNegative } from './settle.ts'
import type { Change } from './model.ts'

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

/** `ask_copy`: a receipt may exist. `resend`: the node never had the cart and the citizen may still be waiting. */
export type NextAct = 'wait' | 'ask_copy' | 'resend'

export interface Decision {
  payment: Payment
  changes: Change[]
  act: NextAct
}

/** In these states the node may hold a receipt that we do not have. */
const MAY_HAVE_RECEIPT: ReadonlySet<Progress> = new Set(['receipt', 'resolved'])

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

function markSent(payment: Payment, attemptIds: readonly string[]): Decision {
  const created = attemptIds.filter((id) => attemptOf(payment, id).state === 'created')
  const changes: Change[] = created.map((attemptId) => ({
    kind: 'attempt',
    attemptId,
    to: 'sent',
    forced: null,
  }))
  const after = created.reduce(
    (p, id) => withAttempt(p, id, (attempt) => ({ ...attempt, state: 'sent' })),
    payment,
  )
  return { payment: after, changes, act: 'wait' }
}

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
  if (answer.kind === 'unknown_attempt') return unknownAttempt(payment, attemptId, at)
  if (answer.kind === 'not_offered') return notOffered(payment, attemptId, at)
  return decided(look(payment, attemptId, longWait(at)))
}

interface At {
  now: number
  age: number
  chase: Chase
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

function unknownAttempt(payment: Payment, attemptId: string, at: At): Decision {
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
function notOffered(payment: Payment, attemptId: string, at: At): Decision {
  const mayResend = payment.cart.sendState === 'in_doubt' && at.age <= at.chase.resendFor
  if (mayResend) return { ...decided(payment), act: 'resend' }
  const attention = payment.cart.hasUrl ? longWait(at) : 'lost_url'
  return { ...decided(look(payment, attemptId, attention)), act: 'ask_copy' }
}

const longWait = ({ age, chase }: At): Attention | null => (age > chase.attentionAfter ? 'long_wait' : null)

/** Sets the latest reason for attention, but never replaces that of a receipt which we hold and could not settle. */
function look(payment: Payment, attemptId: string, attention: Attention | null): Payment {
  return withAttempt(payment, attemptId, (attempt) =>
    attempt.attention !== null && HOLDS_RECEIPT.has(attempt.attention) ? attempt : { ...attempt, attention },
  )
}

const HOLDS_RECEIPT: ReadonlySet<Attention> = new Set(UNCLEAR_KINDS)

const openIds = (payment: Payment): string[] =>
  payment.attempts.filter((r) => isOpenAttempt(r.state)).map((r) => r.id)
const decided = (payment: Payment): Decision => ({ payment, changes: [], act: 'wait' })
