import type { Change, Payment, PaymentDue, PaymentAttempt } from './model.ts'

/**
 * A payment while the rules decide. `note` records each change for the database and applies it to `payment` at once, so
 * that later rules see it.
 */
export interface Draft {
  payment: Payment
  changes: Change[]
}

export const draftOf = (payment: Payment): Draft => ({ payment, changes: [] })

export function note(draft: Draft, change: Change): void {
  draft.changes.push(change)
  draft.payment = apply(draft.payment, change)
}

export const attemptOf = (payment: Payment, id: string): PaymentAttempt =>
  must(
    payment.attempts.find((r) => r.id === id),
    id,
  )
export const dueOf = (payment: Payment, id: string): PaymentDue =>
  must(
    payment.dues.find((d) => d.id === id),
    id,
  )

function must<T>(found: T | undefined, id: string): T {
  if (!found) throw new RangeError(`not part of this payment: ${id}`)
  return found
}

function apply(payment: Payment, change: Change): Payment {
  switch (change.kind) {
    case 'cart':
      return { ...payment, cart: { ...payment.cart, state: change.to } }
    case 'attempt':
      return withAttempt(payment, change.attemptId, (attempt) => ({
        ...attempt,
        state: change.to,
        forced: change.forced,
      }))
    case 'receipt':
      if (!change.settling) return payment
      return withAttempt(payment, change.attemptId, (attempt) => ({
        ...attempt,
        settlingReceipt: { id: change.receiptId, outcome: change.outcome },
      }))
    case 'settle':
      return withDue(payment, change.dueId, (due) => ({
        ...due,
        shares: due.shares.map((s) =>
          s.id === change.shareId ? { ...s, settledBy: change.receiptId, isReported: false } : s,
        ),
        waiting: due.waiting.filter((w) => w.anomalyId !== change.anomalyId),
      }))
    case 'due':
      return withDue(payment, change.dueId, (due) => ({ ...due, state: change.to }))
    case 'release':
      return withDue(payment, change.dueId, (due) => ({ ...due, heldBy: null }))
    case 'anomaly':
    case 'mail':
      return payment
  }
}

export function withAttempt(
  payment: Payment,
  id: string,
  edit: (attempt: PaymentAttempt) => PaymentAttempt,
): Payment {
  return {
    ...payment,
    attempts: payment.attempts.map((attempt) => (attempt.id === id ? edit(attempt) : attempt)),
  }
}

function withDue(payment: Payment, id: string, edit: (due: PaymentDue) => PaymentDue): Payment {
  return { ...payment, dues: payment.dues.map((due) => (due.id === id ? edit(due) : due)) }
}
