import type { DueState } from '../states.ts'
import type { RowClass } from './row-class.ts'

/**
 * Everything known about one IUV in one domain, which judges all rows that have it. No list has an order that matters. Amounts in cents, days
 * of Rome, instants as ISO texts. Source: docs/field/reporting.md#facts.
 */
export interface IuvFacts {
  iuv: string
  /** False where the number can be read and is one of another broker: it has not the code with which this ente gives its numbers here. */
  isOurs: boolean
  transfers: readonly AskedTransfer[]
  receipts: readonly MovedReceipt[]
  rows: readonly KnownRow[]
  decisions: readonly Decision[]
}

/**
 * A share of this domain that was asked for under the IUV, by its due or by an attempt. One share may be here under several indexes, because
 * protocols count differently; one index may name several, because a due is cancelled and another one has its number.
 */
export interface AskedTransfer {
  /** Which transfer of the payment, 1 to 5. */
  index: number
  shareId: string
  dueId: string
  cents: number
  dueState: DueState
  /** A live attempt has the due, so that its payment may be under way. */
  isHeld: boolean
  /** What settles the share now. */
  proof: Proof | null
}

/**
 * What settles a share: a receipt, also one of another IUV whose money a person gave to the due; a row, also one of another IUV; or a row of
 * an older installation that is in no flow stored here.
 */
export type Proof =
  | { by: 'receipt'; receiptId: string }
  | { by: 'row'; rowId: string }
  | { by: 'older'; rowId: string; iur: string; transferIndex: number | null; cents: number }

/** A receipt of the domain and the IUV that says that money moved, also one that was refused. */
export interface MovedReceipt {
  id: string
  /** Only items with money. */
  items: readonly ReceiptItem[]
}

export interface ReceiptItem {
  /** Its place in the receipt, from 1. */
  index: number
  /** The PSP's number of the payment. */
  iur: string
  cents: number
  paidOn: string
  /** The share that its money is meant for; null when no attempt settles by the receipt, or its money has another place. */
  shareId: string | null
}

/** A row of a stored flow, of any revision, and what reconciliation has done about it so far. */
export interface KnownRow {
  id: string
  flowId: string
  position: number
  /** False when a newer revision of its flow is stored. */
  isCurrent: boolean
  /** Empty when the row has none. */
  iur: string
  transferIndex: number | null
  /** Null when its amount is no number of cents. */
  importoCents: number | null
  code: string
  paidOn: string | null
  /** `daily`: its receipt is asked for each day. `once`: it was asked for, and nobody asks any more. */
  asked: Asked | null
  /** Its open anomalies that reconciliation raised. */
  anomalies: readonly RaisedAnomaly[]
  /**
   * A person took its money off the due that it settled, so that the due can be paid again. `open`: the anomaly of that act has the money.
   * `returned`: a person said that it goes back to the payer.
   */
  withdrawn: 'open' | 'returned' | null
}

export type Asked = 'once' | 'daily'

export interface RaisedAnomaly {
  anomaly: RowAnomaly
  cents: number
}

/** Why a person looks at a row: its class, or the state of its due. */
export type RowAnomaly =
  | 'code_unknown'
  | 'amount_invalid'
  | 'revoked'
  | 'duplicate'
  | 'due_unknown'
  | 'amount_differs'
  | 'paid_twice'
  | 'paid_after_cancel'

/**
 * What a person decided about a row, in force: one for a row. It belongs to the payment of the row, so that it also holds for the same payment in a newer
 * revision. Source: docs/field/reporting.md#decisions.
 */
export interface Decision {
  kind: 'accepted' | 'linked' | 'refunded'
  /** The row that the person saw, of any revision. */
  rowId: string
  /** The class that the person saw. */
  seen: RowClass
  decidedAt: string
  /** Of `linked`: the other due has its money from a row of this payment. */
  isPaying: boolean
}
