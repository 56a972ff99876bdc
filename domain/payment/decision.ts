import { isOpenAttempt } from '../states.ts'
import type { Chase } from './chase.ts'
import { attemptOf, withAttempt } from './draft.ts'
import { UNCLEAR_KINDS } from './known.ts'
import type { Attention, Change, Payment } from './model.ts'

/** `ask_copy`: a receipt may exist. `resend`: the node never had the cart and the citizen may still be waiting. */
export type NextAct = 'wait' | 'ask_copy' | 'resend'

export interface Decision {
  payment: Payment
  changes: Change[]
  act: NextAct
}

/** When an answer came: `now` is epoch ms, `age` is how long ago the payment began, ms. */
export interface At {
  now: number
  age: number
  chase: Chase
}

/** Marks attempts as sent that were only made. */
export function markSent(payment: Payment, attemptIds: readonly string[]): Decision {
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

export const longWait = ({ age, chase }: At): Attention | null =>
  age > chase.attentionAfter ? 'long_wait' : null

/** Sets the latest reason for attention, but never replaces that of a receipt which we hold and could not settle. */
export function look(payment: Payment, attemptId: string, attention: Attention | null): Payment {
  return withAttempt(payment, attemptId, (attempt) =>
    attempt.attention !== null && HOLDS_RECEIPT.has(attempt.attention) ? attempt : { ...attempt, attention },
  )
}

const HOLDS_RECEIPT: ReadonlySet<Attention> = new Set(UNCLEAR_KINDS)

/** Ids of the attempts without an outcome. */
export const openIds = (payment: Payment): string[] =>
  payment.attempts.filter(({ state }) => isOpenAttempt(state)).map(({ id }) => id)
/** Nothing follows from an answer. */
export const decided = (payment: Payment): Decision => ({ payment, changes: [], act: 'wait' })
