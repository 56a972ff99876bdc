import { isOpenAttempt, type CartState, type AttemptState } from '../states.ts'
import { dueOf, draftOf, note, attemptOf, type Draft } from './draft.ts'
import {
  saysMoneyMoved,
  type AnomalyKind,
  type ArrivedReceipt,
  type ForcedReason,
  type Outcome,
  type Payment,
  type PaymentDue,
} from './model.ts'

const ATTEMPT_STATE_OF: Record<Outcome, AttemptState> = {
  paid: 'paid',
  not_paid: 'not_paid',
  partly_paid: 'partially_paid',
  timed_out: 'timed_out',
  timed_out_partly: 'partially_paid',
}

/**
 * All changes that follow from one accepted receipt, to be written together. Money that moved goes to a share or
 * becomes an anomaly with its cents; it is never dropped. Source: docs/field/payments.md#what-a-receipt-does,
 * docs/field/money-rules.md#decisions.
 */
export function settleReceipt(payment: Payment, attemptId: string, receipt: ArrivedReceipt): Draft {
  const draft = draftOf(payment)
  const attempt = attemptOf(payment, attemptId)
  const settles = wins(attempt.settlingReceipt?.outcome, receipt.outcome)
  const decided = {
    kind: 'receipt',
    receiptId: receipt.id,
    attemptId,
    outcome: receipt.outcome,
    settling: settles,
  } as const
  if (!settles) {
    note(draft, decided)
    noteLoser(draft, attemptId, receipt)
    return draft
  }
  noteOverturned(draft, attemptId, receipt)
  note(draft, decided)
  note(draft, { kind: 'attempt', attemptId, to: stateAfter(attempt.state, receipt.outcome), forced: null })
  placeMoney(draft, attemptId, receipt)
  note(draft, { kind: 'mail', receiptId: receipt.id })
  closeDues(draft)
  closeCart(draft)
  return draft
}

/**
 * Sets a local negative outcome without a document. Allowed only for a refusal of the closed list (D1), silence (D2)
 * and "unknown" (D4).
 */
export function forceNegative(payment: Payment, attemptIds: readonly string[], reason: ForcedReason): Draft {
  const draft = draftOf(payment)
  for (const attemptId of attemptIds)
    note(draft, { kind: 'attempt', attemptId, to: 'not_paid', forced: reason })
  closeDues(draft)
  closeCart(draft)
  return draft
}

/** The first real receipt settles. After it, only a receipt with money settles, and only if the one before had none. */
function wins(settled: Outcome | undefined, arrived: Outcome): boolean {
  return settled === undefined || (saysMoneyMoved(arrived) && !saysMoneyMoved(settled))
}

/** A real negative receipt after a forced outcome confirms it, so the state does not change. */
function stateAfter(state: AttemptState, outcome: Outcome): AttemptState {
  return isOpenAttempt(state) || saysMoneyMoved(outcome) ? ATTEMPT_STATE_OF[outcome] : state
}

function noteLoser(draft: Draft, attemptId: string, receipt: ArrivedReceipt): void {
  const moved = saysMoneyMoved(receipt.outcome)
  noteAnomaly(draft, moved ? 'duplicate' : 'different_receipt', {
    attemptId,
    receiptId: receipt.id,
    cents: moved ? receipt.totalCents : 0,
  })
}

function noteOverturned(draft: Draft, attemptId: string, receipt: ArrivedReceipt): void {
  const attempt = attemptOf(draft.payment, attemptId)
  if (attempt.forced) noteAnomaly(draft, 'receipt_after_forced', { attemptId, receiptId: receipt.id })
  if (attempt.settlingReceipt)
    noteAnomaly(draft, 'positive_after_negative', { attemptId, receiptId: receipt.id })
}

function placeMoney(draft: Draft, attemptId: string, receipt: ArrivedReceipt): void {
  const attempt = attemptOf(draft.payment, attemptId)
  // Each item with a wrong amount gets its own anomaly. The total gets one only for the difference that the items do
  // not explain.
  let unexplained = receipt.totalCents - attempt.totalCents
  attempt.positions.forEach((position, index) => {
    const cents = receipt.itemCents[index] ?? 0
    if (cents === 0) return
    unexplained -= cents - position.cents
    placeItem(draft, { attemptId, receiptId: receipt.id, ...position, paidCents: cents })
  })
  if (saysMoneyMoved(receipt.outcome) && unexplained !== 0)
    noteAnomaly(draft, 'amount_differs', { attemptId, receiptId: receipt.id })
}

interface PaidItem {
  attemptId: string
  receiptId: string
  shareId: string
  dueId: string
  cents: number
  paidCents: number
}

function placeItem(draft: Draft, item: PaidItem): void {
  const { attemptId, receiptId, shareId, dueId, paidCents } = item
  const obstacle = obstacleTo(dueOf(draft.payment, dueId), shareId)
  if (obstacle) {
    noteAnomaly(draft, obstacle, { attemptId, receiptId, dueId, shareId, cents: paidCents })
    return
  }
  note(draft, { kind: 'settle', shareId, dueId, receiptId, cents: paidCents, anomalyId: null })
  if (paidCents !== item.cents) noteAnomaly(draft, 'amount_differs', { attemptId, receiptId, dueId, shareId })
}

function obstacleTo(due: PaymentDue, shareId: string): AnomalyKind | undefined {
  if (due.shares.some((s) => s.id === shareId && s.settledBy !== null)) return 'duplicate'
  if (due.state === 'cancelled') return 'paid_after_cancel'
  // Another attempt with this due is at the node. Its outcome decides whether this money pays the due or is a second
  // payment.
  if (due.heldBy === 'other') return 'late_while_paying'
  return undefined
}

/**
 * Closes dues that have no open attempt: paid when every share is settled, payable again when none is, and held for a
 * person when only some are.
 */
function closeDues(draft: Draft): void {
  for (const { id } of draft.payment.dues) {
    if (isStillOpen(draft.payment, id)) continue
    if (dueOf(draft.payment, id).heldBy === 'this') note(draft, { kind: 'release', dueId: id })
    if (dueOf(draft.payment, id).heldBy === null) closeDue(draft, id)
  }
}

function isStillOpen(payment: Payment, dueId: string): boolean {
  return payment.attempts.some(
    (attempt) => isOpenAttempt(attempt.state) && attempt.positions.some((p) => p.dueId === dueId),
  )
}

function closeDue(draft: Draft, dueId: string): void {
  placeWaiting(draft, dueId)
  const due = dueOf(draft.payment, dueId)
  const settled = due.shares.filter((s) => s.settledBy !== null || s.isReported === true).length
  if (settled === due.shares.length) {
    if (due.state !== 'paid') note(draft, { kind: 'due', dueId, to: 'paid' })
  } else if (settled === 0) {
    if (due.state === 'paying') note(draft, { kind: 'due', dueId, to: 'payable' })
  } else holdPartial(draft, due)
}

/**
 * Shares with different outcomes: the due is not payable until a person decides, or until the missing money arrives
 * late.
 */
function holdPartial(draft: Draft, due: PaymentDue): void {
  if (due.state === 'payable') note(draft, { kind: 'due', dueId: due.id, to: 'paying' })
  const attempt = draft.payment.attempts.find((r) => r.positions.some((p) => p.dueId === due.id))
  if (attempt) noteAnomaly(draft, 'partial_shares', { attemptId: attempt.id, receiptId: null, dueId: due.id })
}

/** Money of an earlier attempt that waited for this one pays the due, unless this attempt paid it. */
function placeWaiting(draft: Draft, dueId: string): void {
  for (const waiting of dueOf(draft.payment, dueId).waiting) {
    const share = dueOf(draft.payment, dueId).shares.find((s) => s.id === waiting.shareId)
    if (!share || share.settledBy !== null) continue
    const { anomalyId, shareId, receiptId, cents } = waiting
    note(draft, { kind: 'settle', shareId, dueId, receiptId, cents, anomalyId })
  }
}

function closeCart(draft: Draft): void {
  const { cart, attempts } = draft.payment
  if (attempts.some((attempt) => isOpenAttempt(attempt.state))) return
  const to = cartOutcome(attempts.map((attempt) => attempt.state))
  if (to !== cart.state) note(draft, { kind: 'cart', to })
}

/**
 * The outcome of a cart follows from its attempts when the last one is final
 * (docs/field/payments.md#outcome-of-a-cart).
 */
export function cartOutcome(states: readonly AttemptState[]): CartState {
  if (states.every((s) => s === 'paid')) return 'paid'
  if (states.every((s) => s === 'timed_out')) return 'timed_out'
  return states.some((s) => s === 'paid' || s === 'partially_paid') ? 'partially_paid' : 'not_paid'
}

interface AnomalyAbout {
  attemptId: string
  receiptId: string | null
  dueId?: string
  shareId?: string
  cents?: number
}

function noteAnomaly(draft: Draft, anomaly: AnomalyKind, about: AnomalyAbout): void {
  const { attemptId, receiptId, dueId = null, shareId = null, cents = 0 } = about
  note(draft, { kind: 'anomaly', anomaly, attemptId, receiptId, dueId, shareId, unplacedCents: cents })
}
