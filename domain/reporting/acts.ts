import { comesWithoutReceipt } from './code.ts'
import type { JudgedRow } from './classify-row.ts'
import type { AskedTransfer, RaisedAnomaly, RowAnomaly } from './iuv-facts.ts'
import type { Payer } from './payer.ts'
import type { Act, ClassifiedRow } from './reconciled.ts'
import type { RowClass } from './row-class.ts'

/** A row with its class, and whether a person's decision about it holds. */
export interface ActedRow extends JudgedRow {
  is: ClassifiedRow
  isAccepted: boolean
}

/** What makes what settles the shares agree with what pays them. */
export const settlingActs = (
  transfers: readonly AskedTransfer[],
  payers: ReadonlyMap<string, Payer>,
): Act[] =>
  [...new Map(transfers.map((transfer) => [transfer.shareId, transfer])).values()].flatMap(
    (transfer) => settlingAct(transfer, payers.get(transfer.shareId)) ?? [],
  )

function settlingAct({ shareId, dueId, proof }: AskedTransfer, payer: Payer | undefined): Act | undefined {
  const before = proof && 'rowId' in proof ? proof.rowId : null
  if (payer?.by === 'row' && payer.rowId !== before) {
    const { rowId, cents } = payer
    return { kind: 'settle', shareId, dueId, rowId, cents, insteadOf: before }
  }
  if (before === null) return undefined
  if (payer?.by === 'receipt') {
    const { receiptId, cents } = payer
    return { kind: 'prove', shareId, dueId, receiptId, cents, insteadOf: before }
  }
  return payer ? undefined : { kind: 'take_back', shareId, dueId, rowId: before }
}

/** The anomaly of each row as it should be, where it is another. */
export const anomalyActs = (rows: readonly ActedRow[]): Act[] => rows.flatMap(anomalyActsOf)

function anomalyActsOf(acted: ActedRow): Act[] {
  const { row, is } = acted
  const { id: rowId } = row
  const wanted = acted.isAccepted || acted.isElsewhere ? undefined : anomalyOf(acted)
  const acts: Act[] = row.anomalies
    .filter(({ anomaly }) => anomaly !== wanted?.anomaly)
    .map(({ anomaly }) => ({ kind: 'clear', rowId, anomaly }))
  const isRaised = ({ anomaly, cents }: RaisedAnomaly): boolean =>
    anomaly === wanted?.anomaly && cents === wanted.cents
  if (wanted && !row.anomalies.some(isRaised))
    acts.push({ kind: 'anomaly', rowId, anomaly: wanted.anomaly, dueId: is.dueId, cents: wanted.cents })
  return acts
}

const ANOMALIES: Record<RowClass, RowAnomaly | null> = {
  superseded: null,
  code_unknown: 'code_unknown',
  amount_invalid: 'amount_invalid',
  revoked: 'revoked',
  duplicate: 'duplicate',
  matched: null,
  due_unknown: 'due_unknown',
  amount_differs: 'amount_differs',
  paid_twice: 'paid_twice',
  receipt_missing: null,
  paid_without_receipt: 'paid_after_cancel',
}

/** Undefined where nobody needs to look: also where the money has its place after all, or is for another broker's number. */
function anomalyOf({ is }: ActedRow): RaisedAnomaly | undefined {
  const anomaly = ANOMALIES[is.class]
  const cents = is.places.unplaced
  if (anomaly === null || (NEEDS_MONEY.includes(anomaly) && cents === 0)) return undefined
  return { anomaly, cents }
}

const NEEDS_MONEY: readonly RowAnomaly[] = ['due_unknown', 'paid_after_cancel']

/** Whose money, which a person took off a due, has a place by now that the facts name. */
export const endingActs = (rows: readonly ActedRow[]): Act[] =>
  rows.filter(({ hasEnded }) => hasEnded).map(({ row }) => ({ kind: 'end_withdrawal', rowId: row.id }))

/** Whose receipt is to be asked for, and which are not any more; a payment is asked for once, whichever of its rows says so. */
export function askingActs(rows: readonly ActedRow[]): Act[] {
  const byPayment = new Map<string, ActedRow[]>()
  for (const row of rows) byPayment.set(row.key, [...(byPayment.get(row.key) ?? []), row])
  return [...byPayment.values()].flatMap(askingActsOf)
}

function askingActsOf(rows: readonly ActedRow[]): Act[] {
  const asking = rows.find((row) => everyOf(row) !== null)
  const every = asking ? everyOf(asking) : null
  const daily = rows.filter(({ row }) => row.asked === 'daily')
  if (every !== 'daily' && daily.length > 0)
    return daily.map(({ row }) => ({ kind: 'stop_asking', rowId: row.id }))
  const wasAsked = rows.some(({ row }) => row.asked !== null)
  if (!asking || every === null || (every === 'once' ? wasAsked : daily.length > 0)) return []
  return [{ kind: 'ask_receipt', rowId: asking.row.id, every }]
}

/** How often the receipt of a row is asked for. One that does not come by itself is asked for once. */
function everyOf({ row, is, isAccepted }: ActedRow): 'once' | 'daily' | null {
  if (isAccepted || !WITHOUT_RECEIPT.includes(is.class)) return null
  return comesWithoutReceipt(row.code) ? 'once' : 'daily'
}

const WITHOUT_RECEIPT: readonly RowClass[] = ['paid_twice', 'receipt_missing', 'paid_without_receipt']
