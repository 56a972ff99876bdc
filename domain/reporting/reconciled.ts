import type { Asked, RowAnomaly } from './iuv-facts.ts'
import type { RowClass } from './row-class.ts'

/** What the facts of one IUV say: the class of each row, and what is to be done. */
export interface ReconciledIuv {
  iuv: string
  rows: ClassifiedRow[]
  /** To be done together, in order. When they are done, the same facts ask for nothing more. */
  acts: Act[]
}

/** The heading of docs/field/reporting.md#rules that gave the class. */
export type Rule = 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6' | 'R7' | 'R8' | 'R9'

export interface ClassifiedRow {
  rowId: string
  class: RowClass
  rule: Rule
  /** The due and the share that its IUV and index name; null when there are none. */
  dueId: string | null
  shareId: string | null
  /** Its own receipt. */
  receiptId: string | null
  places: Places
  /** A person's decision about its payment no longer agrees with the facts. */
  isContradicted: boolean
}

/**
 * Where the cents of a row are; the rest are 0. They sum up to the amount of a row that counts, and to 0 for one of an older revision or without
 * a readable amount. `placed`: on a share, or in the account of its own receipt. `awaited`: its receipt or the end of an attempt will say.
 * `unplaced`: nobody has them, and a person looks. `decided`: a person said what becomes of them. `elsewhere`: they are for another
 * broker's number. `revoked`: they left again.
 */
export type Places = Record<Place, number>
export type Place = 'placed' | 'awaited' | 'unplaced' | 'decided' | 'elsewhere' | 'revoked'

/** Each may be done twice. `insteadOf` is the row that settled the share until now. */
export type Act =
  | {
      kind: 'settle'
      shareId: string
      dueId: string
      rowId: string
      cents: number
      insteadOf: string | null
    }
  /** A receipt takes the place of a row as proof. */
  | { kind: 'prove'; shareId: string; dueId: string; receiptId: string; cents: number; insteadOf: string }
  /** The share has no proof any more, and its due can be paid again. */
  | { kind: 'take_back'; shareId: string; dueId: string; rowId: string }
  | { kind: 'ask_receipt'; rowId: string; every: Asked }
  /** From `daily` to `once`. */
  | { kind: 'stop_asking'; rowId: string }
  /** Raises it, or changes its cents. */
  | { kind: 'anomaly'; rowId: string; anomaly: RowAnomaly; dueId: string | null; cents: number }
  /** Its reason is gone. */
  | { kind: 'clear'; rowId: string; anomaly: RowAnomaly }
  /** The anomaly of a person who took the money of the row off a due has no money any more. */
  | { kind: 'end_withdrawal'; rowId: string }
