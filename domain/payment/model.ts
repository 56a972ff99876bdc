import type { CartState, DueState, AttemptState } from '../states.ts'

/** What one payment looks like to the rules: a cart, its attempts, its dues. Instants are epoch milliseconds of the database clock. */
export interface Payment {
  readonly cart: PaymentCart
  readonly attempts: readonly PaymentAttempt[]
  readonly dues: readonly PaymentDue[]
}

export type SendState = 'unsent' | 'in_doubt' | 'accepted' | 'refused'

export interface PaymentCart {
  readonly state: CartState
  readonly begunAt: number | null
  readonly sendState: SendState
  /** Times the cart's message may have left; above 1 a refusal proves nothing of the earlier ones. */
  readonly sendAttempts: number
  readonly hasUrl: boolean
}

/**
 * How far an attempt has come outside, as the adapter reads it from the words of its protocol.
 * `unaccepted`: no PSP has accepted it. `accepted`: a PSP has. `receipt`: so it has, and the node has the receipt. `resolved`: it is over, and
 * a receipt may exist. `closed`: the node says that nobody paid, which proves nothing. `under_way`: nothing of these.
 */
export type Progress = 'unaccepted' | 'under_way' | 'accepted' | 'receipt' | 'resolved' | 'closed'

export type ForcedReason = 'refused' | 'silence' | 'unknown_to_node'
export type Attention =
  | 'lost_url'
  | 'node_contradicts'
  | 'node_refused'
  | 'long_wait'
  | 'receipt_refused'
  | 'receipt_not_understood'

/** What names one attempt for everybody outside: the domain of its ente, the IUV of its due, and the code of this try. */
export interface AttemptKey {
  domain: string
  iuv: string
  ccp: string
}

export interface PaymentAttempt {
  readonly id: string
  readonly state: AttemptState
  readonly totalCents: number
  readonly positions: readonly AttemptPosition[]
  readonly forced: ForcedReason | null
  /** What the node's last answer means; null before the first one. */
  readonly progress: Progress | null
  /** The same answer in the node's own word, for support; no rule reads it. */
  readonly nodeState: string | null
  readonly nodeAnswers: number
  /** When the node first said "unknown" since the last send. */
  readonly unknownSince: number | null
  readonly settlingReceipt: { readonly id: string; readonly outcome: Outcome } | null
  readonly attention: Attention | null
}

export interface AttemptPosition {
  readonly shareId: string
  readonly dueId: string
  readonly cents: number
}

export interface PaymentDue {
  readonly id: string
  readonly state: DueState
  /** Which live attempt holds it: this cart, another one, or none. */
  readonly heldBy: 'this' | 'other' | null
  readonly shares: readonly { readonly id: string; readonly settledBy: string | null }[]
  /** Money of earlier attempts that arrived while this one was open. */
  readonly waiting: readonly WaitingMoney[]
}

export interface WaitingMoney {
  readonly anomalyId: string
  readonly shareId: string
  readonly receiptId: string
  readonly cents: number
}

/** What a receipt says became of the whole attempt. */
export const OUTCOMES = ['paid', 'not_paid', 'partly_paid', 'timed_out', 'timed_out_partly'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** The outcomes with which money moved, all of it or a part. */
export const MONEY_MOVED: readonly Outcome[] = ['paid', 'partly_paid', 'timed_out_partly']

export const saysMoneyMoved = (outcome: Outcome): boolean => MONEY_MOVED.includes(outcome)

export interface ArrivedReceipt {
  readonly id: string
  readonly outcome: Outcome
  readonly totalCents: number
  /** One per position of the attempt, in order; empty on a negative outcome without items. */
  readonly itemCents: readonly number[]
}

export type AnomalyKind =
  | 'receipt_after_forced'
  | 'positive_after_negative'
  | 'different_receipt'
  | 'duplicate'
  | 'paid_after_cancel'
  | 'late_while_paying'
  | 'amount_differs'
  | 'partial_shares'
  | 'receipt_refused'
  | 'receipt_not_understood'
  | 'unknown_attempt'

/** Facts to write, in order, in one transaction. */
export type Change =
  | { kind: 'cart'; to: CartState }
  | { kind: 'attempt'; attemptId: string; to: AttemptState; forced: ForcedReason | null }
  | { kind: 'receipt'; receiptId: string; attemptId: string; outcome: Outcome; settling: boolean }
  | {
      kind: 'settle'
      shareId: string
      dueId: string
      receiptId: string
      cents: number
      anomalyId: string | null
    }
  | { kind: 'due'; dueId: string; to: DueState }
  | { kind: 'release'; dueId: string }
  | {
      kind: 'anomaly'
      anomaly: AnomalyKind
      attemptId: string
      receiptId: string | null
      dueId: string | null
      shareId: string | null
      unplacedCents: number
    }
  | { kind: 'mail'; receiptId: string }
