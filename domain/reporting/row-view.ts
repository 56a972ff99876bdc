import { isKnownCode, isRevoked } from './code.ts'
import type { AskedTransfer, IuvFacts, KnownRow, MovedReceipt } from './iuv-facts.ts'
import { compare, compareAll } from './order.ts'

/** A row with what the facts of its IUV say of its payment. */
export interface RowView {
  row: KnownRow
  /** Rows with one key list the same payment. */
  key: string
  own: OwnMoney | undefined
  /** What was asked for at its index. */
  transfer: AskedTransfer | undefined
  /** It lists a payment and has an amount. */
  isReadable: boolean
  /** Of the rows that list the same payment, this one counts. Source: docs/field/reporting.md#r6. */
  counts: boolean
}

/** The money of the same payment as its receipt has it, or an older installation, which has no receipt here. */
export interface OwnMoney {
  receiptId: string | null
  index: number
  cents: number
}

export function viewsOf(facts: IuvFacts): RowView[] {
  const views = facts.rows.map((row) => viewOf(row, facts)).sort((a, b) => inTime(a.row, b.row))
  const staying = stayingRows(facts)
  const counting = new Map<string, RowView>()
  for (const view of views) {
    if (!view.row.isCurrent || isRevoked(view.row.code)) continue
    const before = counting.get(view.key)
    if (!before || rankOf(view, staying) > rankOf(before, staying)) counting.set(view.key, view)
  }
  for (const view of views) view.counts = (counting.get(view.key) ?? view) === view
  return views
}

/** The row that settles, else one whose amount fits, else the earliest; one that cannot be read only where there is no other. */
function rankOf({ row, own, transfer, isReadable }: RowView, staying: ReadonlySet<string>): number {
  if (!isReadable) return 0
  if (staying.has(row.id)) return 3
  return row.importoCents === (own ?? transfer)?.cents ? 2 : 1
}

/** The rows that settle a share and give way to no receipt. */
const stayingRows = ({ transfers, receipts }: IuvFacts): Set<string> =>
  new Set(
    transfers.flatMap(({ proof, shareId }) =>
      proof?.by === 'row' && !hasReceipt(shareId, receipts) ? [proof.rowId] : [],
    ),
  )

function viewOf(row: KnownRow, facts: IuvFacts): RowView {
  const own = ownOf(row, facts)
  return {
    row,
    key: paymentKey(row, own),
    own,
    transfer: transferOf(row.transferIndex ?? own?.index ?? 1, own, facts.transfers),
    isReadable: isKnownCode(row.code) && !isRevoked(row.code) && row.importoCents !== null,
    counts: true,
  }
}

/** Names a payment among those of its IUV. A row without an IUR is the same payment as no other. */
const paymentKey = (row: KnownRow, own: OwnMoney | undefined): string =>
  row.iur === '' ? row.id : keyOf(row.iur, own?.index ?? row.transferIndex ?? 1)

export const keyOf = (iur: string, index: number): string => `${iur}/${index}`

interface KnownMoney extends OwnMoney {
  shareId: string | null
}

/** The item with the IUR and the index of a row; without an index one with its amount comes first. */
function ownOf(row: KnownRow, facts: IuvFacts): KnownMoney | undefined {
  if (row.iur === '') return undefined
  const asked = facts.transfers.filter(({ index }) => index === row.transferIndex)
  const isThis = ({ index, shareId }: KnownMoney): boolean =>
    row.transferIndex === null ||
    index === row.transferIndex ||
    asked.some((transfer) => transfer.shareId === shareId)
  const rank = (money: KnownMoney): readonly number[] => [
    money.receiptId === null ? 1 : 0,
    row.transferIndex === null && money.cents !== row.importoCents ? 1 : 0,
    money.shareId === null ? 1 : 0,
    money.index,
  ]
  return [...receiptMoney(row.iur, facts), ...olderMoney(row.iur, facts)]
    .filter(isThis)
    .sort((a, b) => compareAll(rank(a), rank(b)) || compare(a.receiptId ?? '', b.receiptId ?? ''))[0]
}

const receiptMoney = (iur: string, { receipts }: IuvFacts): KnownMoney[] =>
  receipts.flatMap(({ id, items }) =>
    items
      .filter((item) => item.iur === iur)
      .map(({ index, cents, shareId }) => ({ receiptId: id, index, cents, shareId })),
  )

/** What an older installation has, unless a receipt takes its place. */
const olderMoney = (iur: string, { transfers, receipts }: IuvFacts): KnownMoney[] =>
  transfers.flatMap(({ proof, shareId, index }) =>
    proof?.by === 'older' && proof.iur === iur && !hasReceipt(shareId, receipts)
      ? [{ receiptId: null, index: proof.transferIndex ?? index, cents: proof.cents, shareId }]
      : [],
  )

const hasReceipt = (shareId: string, receipts: readonly MovedReceipt[]): boolean =>
  receipts.some(({ items }) => items.some((item) => item.shareId === shareId))

/** The share that its receipt is for, else the one at its index; a due that is cancelled comes last, then the newest first. */
function transferOf(
  index: number,
  own: Partial<KnownMoney> | undefined,
  transfers: readonly AskedTransfer[],
): AskedTransfer | undefined {
  const rank = ({ shareId, dueState }: AskedTransfer): readonly number[] => [
    shareId === own?.shareId ? 0 : 1,
    dueState === 'cancelled' ? 1 : 0,
  ]
  return transfers
    .filter((transfer) => transfer.index === index || transfer.shareId === own?.shareId)
    .sort((a, b) => compareAll(rank(a), rank(b)) || compare(b.dueId, a.dueId))[0]
}

/** By day, then by flow, then by place; a row without a day is the last. Source: docs/field/reporting.md#r5. */
const inTime = (a: KnownRow, b: KnownRow): number =>
  compare(a.paidOn ?? LAST, b.paidOn ?? LAST) ||
  compare(a.flowId, b.flowId) ||
  a.position - b.position ||
  compare(a.id, b.id)

const LAST = '~'
