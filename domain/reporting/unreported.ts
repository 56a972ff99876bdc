import type { IuvFacts, ReceiptItem } from './iuv-facts.ts'
import { keyOf, viewsOf } from './row-view.ts'

/** A payment that a receipt says was made and that no flow has. */
export interface UnreportedPayment {
  receiptId: string
  index: number
  cents: number
  paidOn: string
}

/**
 * The payments of receipts that are in no flow though they should be. A row of any code and amount is enough, but none of an older revision.
 * Source: docs/field/reporting.md#receipts-in-no-flow.
 * @param lastDay the last day of payments whose time is over: `lastOverdueDay` of domain/working-days.ts
 */
export function unreportedPayments(facts: IuvFacts, lastDay: string): UnreportedPayment[] {
  const reported = new Set(
    viewsOf(facts)
      .filter(({ row }) => row.isCurrent)
      .map(({ key }) => key),
  )
  const isMissing = ({ iur, index, paidOn }: ReceiptItem): boolean =>
    paidOn <= lastDay && !(iur !== '' && reported.has(keyOf(iur, index)))
  return facts.receipts.flatMap(({ id, items }) =>
    items.filter(isMissing).map(({ index, cents, paidOn }) => ({ receiptId: id, index, cents, paidOn })),
  )
}
