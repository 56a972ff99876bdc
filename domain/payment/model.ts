import type { CartState, DueState, AttemptState } from '../states.ts'

/**
 * One payment as the rules see it: a cart, its attempts, its dues. Instants are epoch milliseconds of the database
 * clock.
 */
export interface Payment {
  readonly cart: PaymentCart
  readonly attempts: readonly PaymentAttempt[]
  readonly dues: readonly PaymentDue[]
}

/** Who made the cart: a citizen on our pages, the software of an ente, or a PSP that reads a printed notice. */
export type CartKind = 'citizen' | 'ente' | 'psp'

export type SendState = 'unsent' | 'in_doubt' | 'accepted' | 'refused'

export interface PaymentCart {
  readonly state: CartState
  readonly begunAt: number | null
  readonly sendState: SendState
  /** How often the message of the cart may have left. Above 1, a refusal proves nothing about the earlier sends. */
  readonly sendAttempts: number
  readonly hasUrl: boolean
}

/**
 * How far an attempt has come at the node, translated by the adapter from the protocol. `unaccepted`: no PSP has
 * accepted it. `accepted`: a PSP has accepted it. `receipt`: a PSP has accepted it and the node has the receipt.
 * `resolved`: it is over, and a receipt may exist. `closed`: the node reports that nobody paid, which proves nothing.
 * `under_way`: none of these.
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

/** The key of one attempt in every message: the domain of its ente, the IUV of its due, and the CCP of this try. */
export interface AttemptKey {
  domain: string
  iuv: string
  attemptCode: string
}

export interface PaymentAttempt {
  readonly id: string
  readonly state: AttemptState
  readonly totalCents: number
  readonly positions: readonly AttemptPosition[]
  readonly forced: ForcedReason | null
  /** Meaning of the node's last answer; null before the first one. */
  readonly progress: Progress | null
  /** The same answer in the node's own word, for support. No rule reads it. */
  readonly nodeState: string | null
  readonly nodeAnswers: number
  /** When the node first answered "unknown" since the last send. */
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
  /** Which live attempt holds the due: this cart's, another cart's, or none. */
  readonly heldBy: 'this' | 'other' | null
  readonly shares: readonly PaymentShare[]
  /** Money of earlier attempts that arrived while this attempt was open. */
  readonly waiting: readonly WaitingMoney[]
}

export interface PaymentShare {
  readonly id: string
  /** The receipt that settles it; null also for one that only a reported row settles, because a receipt takes its place. */
  readonly settledBy: string | null
  /** A row of a reporting flow settles it until a receipt comes. */
  readonly isReported?: boolean
}

export interface WaitingMoney {
  readonly anomalyId: string
  readonly shareId: string
  readonly receiptId: string
  readonly cents: number
}

/** How a receipt came to us: the node brought it, or we fetched its copy. */
export type ReceiptSource = 'push' | 'copy'

/** Outcome of the whole attempt according to its receipt. */
export const OUTCOMES = ['paid', 'not_paid', 'partly_paid', 'timed_out', 'timed_out_partly'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** The outcomes with which all or some of the money moved. */
export const MONEY_MOVED: readonly Outcome[] = ['paid', 'partly_paid', 'timed_out_partly']

export const saysMoneyMoved = (outcome: Outcome): boolean => MONEY_MOVED.includes(outcome)

export interface ArrivedReceipt {
  readonly id: string
  readonly outcome: Outcome
  readonly totalCents: number
  /** One per position of the attempt, in order; empty for a negative outcome without items. */
  readonly itemCents: readonly number[]
}

export const ANOMALY_KINDS = [
  'duplicate',
  'paid_after_cancel',
  'late_while_paying',
  'partial_shares',
  'unknown_attempt',
  'receipt_refused',
  'receipt_not_understood',
  'different_receipt',
  'amount_differs',
  'receipt_after_forced',
  'positive_after_negative',
  // Money that a person took off a due, so that the due can be paid again.
  'withdrawn',
  // The reporting flows of an ente were not fetched in time; it is about no payment.
  'fetch_missed',
  // What a row of a reporting flow is, where a person must look at it (domain/reporting/iuv-facts.ts).
  'reported_code_unknown',
  'reported_amount_invalid',
  'reported_revoked',
  'reported_duplicate',
  'reported_due_unknown',
  'reported_amount_differs',
  'reported_paid_twice',
  'reported_paid_after_cancel',
  // A receipt in no flow.
  'not_reported',
] as const
export type AnomalyKind = (typeof ANOMALY_KINDS)[number]

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
