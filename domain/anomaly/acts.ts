import type { AnomalyKind } from '../payment/model.ts'
import type { AnomalyState } from '../states.ts'

/**
 * What a person may do about an anomaly. `give`: its money pays another due. `return`: its money is to go back to the payer.
 * `returned`: it went back, with the number of the transfer. `undo`: it is not to go back
 * after all. `make_payable`: the due can be paid again, and the money on it becomes
 * an anomaly. `ask_node`: the node is asked for the outcome once more. `accept`: nothing is done, for a reason. `reconcile`: the payment that a
 * flow reports is decided about, on its own page.
 */
export type AnomalyAct =
  'give' | 'return' | 'returned' | 'undo' | 'make_payable' | 'ask_node' | 'accept' | 'reconcile'

/** Acts that move money, or decide where it goes. A second person approves them. */
export type ApprovedAct = 'give' | 'return' | 'make_payable'

export interface AnomalyFacts {
  kind: AnomalyKind
  state: AnomalyState
  unplacedCents: number
  /** An attempt that has the anomaly's due is still open, so its outcome is not known. */
  isHeld: boolean
  /** The payment waits for its outcome, so the node can be asked. */
  canAsk: boolean
  /** A receipt proves its money, and the payer is known, so that it can pay another due of that payer. */
  isGivable: boolean
  /** Some shares of the due have their money and others do not, and nobody can pay it. */
  isPartial: boolean
}

/** A person decides about the reported payment, and the anomaly ends with the decision. */
const RECONCILED: readonly AnomalyAct[] = ['reconcile']

/** The kinds whose money belongs to no due. Without money they are only accepted. */
const MISPLACED: readonly AnomalyAct[] = ['give', 'return']

const OFFERS: Record<AnomalyKind, readonly AnomalyAct[]> = {
  duplicate: MISPLACED,
  different_receipt: MISPLACED,
  paid_after_cancel: MISPLACED,
  unknown_attempt: MISPLACED,
  late_while_paying: MISPLACED,
  withdrawn: MISPLACED,
  receipt_refused: ['ask_node', 'accept'],
  partial_shares: ['make_payable', 'accept'],
  receipt_after_forced: ['accept'],
  positive_after_negative: ['accept'],
  amount_differs: ['accept'],
  receipt_not_understood: ['accept'],
  fetch_missed: ['accept'],
  reported_code_unknown: RECONCILED,
  reported_amount_invalid: RECONCILED,
  reported_revoked: RECONCILED,
  reported_duplicate: RECONCILED,
  reported_due_unknown: RECONCILED,
  reported_amount_differs: RECONCILED,
  reported_paid_twice: RECONCILED,
  reported_paid_after_cancel: RECONCILED,
  not_reported: ['accept'],
}

type Condition = (facts: AnomalyFacts) => boolean

/** What must hold for an act of OFFERS; an act without an entry is always possible. */
const POSSIBLE: Partial<Record<AnomalyAct, Condition>> = {
  give: ({ isGivable }) => isGivable,
  ask_node: ({ canAsk }) => canAsk,
  make_payable: ({ isPartial, isHeld }) => isPartial && !isHeld,
}

/** The acts that are possible now, the most likely first. Source: docs/field/money-rules.md#anomalies. */
export function actsFor(facts: AnomalyFacts): readonly AnomalyAct[] {
  const { kind, state, unplacedCents, isHeld } = facts
  if (state === 'closed') return []
  if (state === 'to_return') return ['returned', 'undo']
  // The open attempt may need this very money.
  if (kind === 'late_while_paying' && isHeld) return []
  const offered = OFFERS[kind] === MISPLACED && unplacedCents === 0 ? (['accept'] as const) : OFFERS[kind]
  return offered.filter((act) => POSSIBLE[act]?.(facts) ?? true)
}

/** A due that may get the money of an anomaly. */
export interface Recipient {
  state: string
  importoCents: number
  /** An attempt with this due is open. */
  isHeld: boolean
  isDoubtful: boolean
  /** All of its shares go to the ente that got the money. */
  isOfOneEnte: boolean
  isOfSamePayer: boolean
}

/** Money is given whole, to one due that asks for exactly the same. Anything else goes back to the payer. */
export const mayReceive = (due: Recipient, cents: number): boolean =>
  due.state === 'payable' &&
  !due.isHeld &&
  !due.isDoubtful &&
  due.isOfOneEnte &&
  due.isOfSamePayer &&
  due.importoCents === cents
