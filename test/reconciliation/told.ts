import type { Act, ClassifiedRow } from '../../domain/reporting/reconciled.ts'

/** "r1 matched R7 placed 1000", with "contradicted" at its end where a decision is. */
export function toldRow({ rowId, class: rowClass, rule, places, isContradicted }: ClassifiedRow): string {
  const cents = Object.entries(places)
    .filter(([, amount]) => amount !== 0)
    .map(([place, amount]) => `${place} ${amount}`)
  return [rowId, rowClass, rule, ...cents, ...(isContradicted ? ['contradicted'] : [])].join(' ')
}

export function toldAct(act: Act): string {
  switch (act.kind) {
    case 'settle':
      return `settle ${act.shareId} ${act.cents} by ${act.rowId}${instead(act.insteadOf)}`
    case 'prove':
      return `prove ${act.shareId} ${act.cents} by ${act.receiptId}${instead(act.insteadOf)}`
    case 'take_back':
      return `take back ${act.shareId} from ${act.rowId}`
    case 'ask_receipt':
      return `ask ${act.rowId} ${act.every}`
    case 'stop_asking':
      return `stop ${act.rowId}`
    case 'anomaly':
      return `call ${act.rowId} ${act.anomaly} ${act.cents}`
    case 'end_withdrawal':
      return `end withdrawal of ${act.rowId}`
    case 'clear':
      return `clear ${act.rowId} ${act.anomaly}`
  }
}

const instead = (rowId: string | null): string => (rowId === null ? '' : ` instead of ${rowId}`)
