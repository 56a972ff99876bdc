import type { AskedTransfer, IuvFacts, KnownRow } from '../../domain/reporting/iuv-facts.ts'
import type { Act } from '../../domain/reporting/reconciled.ts'

/** The facts once the acts are done. */
export const done = (facts: IuvFacts, acts: readonly Act[]): IuvFacts => acts.reduce(doOne, facts)

function doOne(facts: IuvFacts, act: Act): IuvFacts {
  if ('shareId' in act)
    return {
      ...facts,
      transfers: facts.transfers.map((one) => (one.shareId === act.shareId ? settled(one, act) : one)),
    }
  return { ...facts, rows: facts.rows.map((one) => (one.id === act.rowId ? noted(one, act) : one)) }
}

function settled(transfer: AskedTransfer, act: Extract<Act, { shareId: string }>): AskedTransfer {
  if (act.kind === 'take_back') return { ...transfer, proof: null, dueState: 'payable' }
  const proof =
    act.kind === 'settle'
      ? ({ by: 'row', rowId: act.rowId } as const)
      : ({ by: 'receipt', receiptId: act.receiptId } as const)
  return { ...transfer, proof, dueState: 'paid' }
}

function noted(row: KnownRow, act: Exclude<Act, { shareId: string }>): KnownRow {
  if (act.kind === 'ask_receipt') return { ...row, asked: act.every }
  if (act.kind === 'stop_asking') return { ...row, asked: 'once' }
  if (act.kind === 'end_withdrawal') return { ...row, withdrawn: null }
  const others = row.anomalies.filter(({ anomaly }) => anomaly !== act.anomaly)
  if (act.kind === 'clear') return { ...row, anomalies: others }
  return { ...row, anomalies: [...others, { anomaly: act.anomaly, cents: act.cents }] }
}
