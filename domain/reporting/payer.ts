import { comesWithoutReceipt } from './code.ts'
import type { AskedTransfer, MovedReceipt, ReceiptItem } from './iuv-facts.ts'
import { compare } from './order.ts'
import { keyOf, type RowView } from './row-view.ts'

/** What pays a share, and the key of its payment; null for a payment of another IUV. */
export type Payer =
  | { by: 'receipt'; receiptId: string; cents: number; key: string | null }
  | { by: 'row'; rowId: string; cents: number; key: string | null }
  | { by: 'older'; key: string }

export interface PayerFacts {
  transfers: readonly AskedTransfer[]
  receipts: readonly MovedReceipt[]
  /** All rows of the IUV, the earliest first. */
  views: readonly RowView[]
  /** A person decided about its payment, so that the machine neither settles nor takes back by it. */
  isDecided: (view: RowView) => boolean
}

/** What pays each share that was asked for, if something does. Source: docs/field/reporting.md#r5. */
export function payersOf(facts: PayerFacts): Map<string, Payer> {
  const settling = new Set(facts.transfers.flatMap(({ proof }) => (proof?.by === 'row' ? [proof.rowId] : [])))
  const free = facts.views.filter(
    (view) => isCounting(view) && !settling.has(view.row.id) && !facts.isDecided(view),
  )
  const payers = new Map<string, Payer>()
  for (const transfer of facts.transfers) {
    const payer =
      byReceipt(transfer, facts.receipts) ??
      byProof(transfer, facts) ??
      bySamePayment(transfer, facts.views, free) ??
      byEarliest(transfer, free)
    if (payer) payers.set(transfer.shareId, payer)
  }
  return payers
}

const isCounting = ({ row, isReadable, counts }: RowView): boolean => row.isCurrent && isReadable && counts

/** The receipt that settles the share, else the first that is to. */
function byReceipt(
  { proof, shareId, index }: AskedTransfer,
  receipts: readonly MovedReceipt[],
): Payer | null {
  if (proof?.by === 'receipt') {
    const { receiptId } = proof
    const items = receipts.find(({ id }) => id === receiptId)?.items ?? []
    const [own] = items.filter((one) => one.shareId === shareId).sort((a, b) => compare(a.paidOn, b.paidOn))
    const item = own ?? items.find((one) => one.index === index)
    return { by: 'receipt', receiptId, cents: item?.cents ?? 0, key: item ? keyOfItem(item) : null }
  }
  const [first] = receipts
    .flatMap(({ id, items }) => items.map((item) => ({ id, item })))
    .filter(({ item }) => item.shareId === shareId)
    .sort((a, b) => compare(a.item.paidOn, b.item.paidOn) || compare(a.id, b.id))
  if (!first) return null
  return { by: 'receipt', receiptId: first.id, cents: first.item.cents, key: keyOfItem(first.item) }
}

const keyOfItem = ({ iur, index }: ReceiptItem): string => keyOf(iur, index)

/** What settles the share stays, but for a row that a newer revision took away. */
function byProof({ proof, index, cents }: AskedTransfer, { views, isDecided }: PayerFacts): Payer | null {
  if (proof?.by === 'older') return { by: 'older', key: keyOf(proof.iur, proof.transferIndex ?? index) }
  if (proof?.by !== 'row') return null
  const { rowId } = proof
  const view = views.find(({ row }) => row.id === rowId)
  if (!view) return { by: 'row', rowId, cents, key: null }
  return view.row.isCurrent || isDecided(view) ? paidBy(view) : null
}

/** The payment of a row that is gone, in a newer revision, whatever its code. */
function bySamePayment(
  { proof, shareId }: AskedTransfer,
  views: readonly RowView[],
  free: readonly RowView[],
): Payer | null {
  const gone = proof?.by === 'row' ? views.find(({ row }) => row.id === proof.rowId) : undefined
  if (!gone) return null
  const same = free.find(
    ({ key, row, transfer }) =>
      key === gone.key && row.importoCents === gone.row.importoCents && transfer?.shareId === shareId,
  )
  return same ? paidBy(same) : null
}

/** A row for which no receipt comes, with the amount that is asked. An open attempt may be this very payment. */
function byEarliest(
  { shareId, cents, dueState, isHeld }: AskedTransfer,
  free: readonly RowView[],
): Payer | null {
  if (isHeld || dueState === 'cancelled') return null
  const first = free.find(
    ({ row, transfer }) =>
      comesWithoutReceipt(row.code) && row.importoCents === cents && transfer?.shareId === shareId,
  )
  return first ? paidBy(first) : null
}

const paidBy = ({ row, key }: RowView): Payer => ({
  by: 'row',
  rowId: row.id,
  cents: row.importoCents ?? 0,
  key,
})
