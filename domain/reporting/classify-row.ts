import { comesWithoutReceipt, isKnownCode, isRevoked } from './code.ts'
import type { Payer } from './payer.ts'
import type { Rule } from './reconciled.ts'
import type { RowClass } from './row-class.ts'
import type { OwnMoney, RowView } from './row-view.ts'

/** A row, and what its class depends on beside it. */
export interface JudgedRow extends RowView {
  /** A due of the domain has the IUV. */
  isDueKnown: boolean
  /** What pays the share that was asked for at its index. */
  payer: Payer | undefined
  /** A person decided about its payment, so that the machine settles nothing by it. */
  isDecided: boolean
  /** A person took its money off a due, and the anomaly of that act has it. */
  isElsewhere: boolean
  /** The anomaly of that act is to end, because the facts now say where the money is. */
  hasEnded: boolean
}

/** The rules in their order: the first that answers gives the class. Source: docs/field/reporting.md#classes. */
const CLASSES: Record<RowClass, (row: JudgedRow) => Rule | false | undefined> = {
  superseded: ({ row }) => !row.isCurrent && 'R9',
  code_unknown: ({ row }) => !isKnownCode(row.code) && 'R1',
  amount_invalid: ({ row }) => row.importoCents === null && 'R1',
  revoked: ({ row }) => isRevoked(row.code) && 'R2',
  duplicate: ({ counts }) => !counts && 'R6',
  matched: ({ row, own }) => own?.cents === row.importoCents && knownBy(own),
  due_unknown: ({ isDueKnown }) => !isDueKnown && 'R3',
  amount_differs: (row) => knownBy(row.own) ?? (!isAsked(row) && 'R8'),
  paid_twice: (row) => row.payer && !isPaying(row) && PAID_BY[row.payer.by],
  receipt_missing: ({ row }) => !comesWithoutReceipt(row.code) && 'R8',
  paid_without_receipt: () => 'R3',
}

const knownBy = (own: OwnMoney | undefined): Rule | undefined => own && (own.receiptId === null ? 'R8' : 'R7')

const PAID_BY: Record<Payer['by'], Rule> = { receipt: 'R4', row: 'R5', older: 'R8' }

export function classOf(row: JudgedRow): { class: RowClass; rule: Rule } {
  for (const [rowClass, answer] of ORDER) {
    const rule = answer(row)
    if (rule) return { class: rowClass, rule }
  }
  throw new Error('the last rule answers for every row')
}

const ORDER = Object.entries(CLASSES) as [RowClass, (typeof CLASSES)[RowClass]][]

/** Its payment is what pays the due. */
export const isPaying = ({ payer, key }: Pick<JudgedRow, 'payer' | 'key'>): boolean => payer?.key === key

/** Its transfer was asked for with its amount. Where a receipt comes, the receipt says whether the amount is right. */
function isAsked(judged: JudgedRow): boolean {
  const { row, transfer } = judged
  if (!transfer) return false
  return !comesWithoutReceipt(row.code) || row.importoCents === transfer.cents || isPaying(judged)
}
