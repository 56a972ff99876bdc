import { isOpenRpt, type CartState, type RptState } from '../states.ts'
import { dueOf, draftOf, note, rptOf, type Draft } from './draft.ts'
import {
  saysMoneyMoved,
  type AnomalyKind,
  type ArrivedRt,
  type ForcedReason,
  type OutcomeCode,
  type Payment,
  type PaymentDue,
} from './model.ts'

const RPT_STATE_OF: Record<OutcomeCode, RptState> = {
  0: 'paid',
  1: 'not_paid',
  2: 'partially_paid',
  3: 'timed_out',
  4: 'partially_paid',
}

/**
 * Everything one accepted RT says, as changes to write together. Money that moved is placed on a share or becomes an
 * anomaly that carries its cents; it is never dropped. Source: payments.md §5.5, rulings 5, 8, 9, 10.
 */
export function settleRt(payment: Payment, rptId: string, rt: ArrivedRt): Draft {
  const draft = draftOf(payment)
  const rpt = rptOf(payment, rptId)
  const settles = wins(rpt.settlingRt?.outcome, rt.outcome)
  const decided = { kind: 'rt', rtId: rt.id, rptId, outcome: rt.outcome, settling: settles } as const
  if (!settles) {
    note(draft, decided)
    noteLoser(draft, rptId, rt)
    return draft
  }
  noteOverturned(draft, rptId, rt)
  note(draft, decided)
  note(draft, { kind: 'rpt', rptId, to: stateAfter(rpt.state, rt.outcome), forced: null })
  placeMoney(draft, rptId, rt)
  note(draft, { kind: 'mail', rtId: rt.id })
  closeDues(draft)
  closeCart(draft)
  return draft
}

/** A local negative outcome without a document; only the rulings' closed list reaches here. */
export function forceNegative(payment: Payment, rptIds: readonly string[], reason: ForcedReason): Draft {
  const draft = draftOf(payment)
  for (const rptId of rptIds) note(draft, { kind: 'rpt', rptId, to: 'not_paid', forced: reason })
  closeDues(draft)
  closeCart(draft)
  return draft
}

/** The first real RT settles; later only one that says money moved, against one that said it had not. */
function wins(settled: OutcomeCode | undefined, arrived: OutcomeCode): boolean {
  return settled === undefined || (saysMoneyMoved(arrived) && !saysMoneyMoved(settled))
}

/** A real negative RT after a forced outcome confirms it: the state it has is already one of its kind. */
function stateAfter(state: RptState, outcome: OutcomeCode): RptState {
  return isOpenRpt(state) || saysMoneyMoved(outcome) ? RPT_STATE_OF[outcome] : state
}

function noteLoser(draft: Draft, rptId: string, rt: ArrivedRt): void {
  const moved = saysMoneyMoved(rt.outcome)
  noteAnomaly(draft, moved ? 'duplicate' : 'different_rt', {
    rptId,
    rtId: rt.id,
    cents: moved ? rt.totalCents : 0,
  })
}

function noteOverturned(draft: Draft, rptId: string, rt: ArrivedRt): void {
  const rpt = rptOf(draft.payment, rptId)
  if (rpt.forced) noteAnomaly(draft, 'rt_after_forced', { rptId, rtId: rt.id })
  if (rpt.settlingRt) noteAnomaly(draft, 'positive_after_negative', { rptId, rtId: rt.id })
}

function placeMoney(draft: Draft, rptId: string, rt: ArrivedRt): void {
  const rpt = rptOf(draft.payment, rptId)
  // What paid items differ by is said of each of them; the total is an anomaly of its own only for what they leave unexplained.
  let unexplained = rt.totalCents - rpt.totalCents
  rpt.positions.forEach((position, index) => {
    const cents = rt.itemCents[index] ?? 0
    if (cents === 0) return
    unexplained -= cents - position.cents
    placeItem(draft, { rptId, rtId: rt.id, ...position, paidCents: cents })
  })
  if (saysMoneyMoved(rt.outcome) && unexplained !== 0)
    noteAnomaly(draft, 'amount_differs', { rptId, rtId: rt.id })
}

interface PaidItem {
  rptId: string
  rtId: string
  shareId: string
  dueId: string
  cents: number
  paidCents: number
}

function placeItem(draft: Draft, item: PaidItem): void {
  const { rptId, rtId, shareId, dueId, paidCents } = item
  const obstacle = obstacleTo(dueOf(draft.payment, dueId), shareId)
  if (obstacle) {
    noteAnomaly(draft, obstacle, { rptId, rtId, dueId, shareId, cents: paidCents })
    return
  }
  note(draft, { kind: 'settle', shareId, dueId, rtId, cents: paidCents, anomalyId: null })
  if (paidCents !== item.cents) noteAnomaly(draft, 'amount_differs', { rptId, rtId, dueId, shareId })
}

function obstacleTo(due: PaymentDue, shareId: string): AnomalyKind | undefined {
  if (due.shares.some((s) => s.id === shareId && s.settledBy !== null)) return 'duplicate'
  if (due.state === 'cancelled') return 'paid_after_cancel'
  // Another attempt is at the node with this due: its outcome decides whether this money pays the due or is a second payment.
  if (due.heldBy === 'other') return 'late_while_paying'
  return undefined
}

/** Dues none of whose RPTs is still open: paid when every share is, payable again when none is, held for a person when mixed. */
function closeDues(draft: Draft): void {
  for (const { id } of draft.payment.dues) {
    if (isStillOpen(draft.payment, id)) continue
    if (dueOf(draft.payment, id).heldBy === 'this') note(draft, { kind: 'release', dueId: id })
    if (dueOf(draft.payment, id).heldBy === null) closeDue(draft, id)
  }
}

function isStillOpen(payment: Payment, dueId: string): boolean {
  return payment.rpts.some((rpt) => isOpenRpt(rpt.state) && rpt.positions.some((p) => p.dueId === dueId))
}

function closeDue(draft: Draft, dueId: string): void {
  placeWaiting(draft, dueId)
  const due = dueOf(draft.payment, dueId)
  const settled = due.shares.filter((s) => s.settledBy !== null).length
  if (settled === due.shares.length) {
    if (due.state !== 'paid') note(draft, { kind: 'due', dueId, to: 'paid' })
  } else if (settled === 0) {
    if (due.state === 'paying') note(draft, { kind: 'due', dueId, to: 'payable' })
  } else holdPartial(draft, due)
}

/** Shares with different outcomes: not payable until a person decides, or until the missing money arrives late. */
function holdPartial(draft: Draft, due: PaymentDue): void {
  if (due.state === 'payable') note(draft, { kind: 'due', dueId: due.id, to: 'paying' })
  const rpt = draft.payment.rpts.find((r) => r.positions.some((p) => p.dueId === due.id))
  if (rpt) noteAnomaly(draft, 'partial_shares', { rptId: rpt.id, rtId: null, dueId: due.id })
}

/** Money of an earlier attempt that waited for this one: it pays the due unless this one did. */
function placeWaiting(draft: Draft, dueId: string): void {
  for (const waiting of dueOf(draft.payment, dueId).waiting) {
    const share = dueOf(draft.payment, dueId).shares.find((s) => s.id === waiting.shareId)
    if (!share || share.settledBy !== null) continue
    const { anomalyId, shareId, rtId, cents } = waiting
    note(draft, { kind: 'settle', shareId, dueId, rtId, cents, anomalyId })
  }
}

function closeCart(draft: Draft): void {
  const { cart, rpts } = draft.payment
  if (rpts.some((rpt) => isOpenRpt(rpt.state))) return
  const to = cartOutcome(rpts.map((rpt) => rpt.state))
  if (to !== cart.state) note(draft, { kind: 'cart', to })
}

/** The cart's outcome derives from its RPTs when the last one is final (payments.md §3.2, own rule). */
export function cartOutcome(states: readonly RptState[]): CartState {
  if (states.every((s) => s === 'paid')) return 'paid'
  if (states.every((s) => s === 'timed_out')) return 'timed_out'
  return states.some((s) => s === 'paid' || s === 'partially_paid') ? 'partially_paid' : 'not_paid'
}

interface AnomalyAbout {
  rptId: string
  rtId: string | null
  dueId?: string
  shareId?: string
  cents?: number
}

function noteAnomaly(draft: Draft, anomaly: AnomalyKind, about: AnomalyAbout): void {
  const { rptId, rtId, dueId = null, shareId = null, cents = 0 } = about
  note(draft, { kind: 'anomaly', anomaly, rptId, rtId, dueId, shareId, unplacedCents: cents })
}
