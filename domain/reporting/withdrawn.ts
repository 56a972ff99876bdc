import type { RowView } from './row-view.ts'

/** What people took off dues that rows had settled. Source: docs/field/reporting.md#taken-off-by-a-person. */
export interface Withdrawn {
  /** The machine settles nothing by the payment of this row. */
  isInForce: (view: RowView) => boolean
  /** The anomaly of the act has the money of this row. */
  isElsewhere: (view: RowView) => boolean
  /** Nobody has returned the money yet, and the facts now say where it is: in its own receipt, or gone with its flow. */
  hasEnded: (view: RowView) => boolean
  /** The money was returned, and it is the money of a receipt, or no flow has it any more. */
  isContradicted: (view: RowView) => boolean
}

export function withdrawnRows(views: readonly RowView[]): Withdrawn {
  const present = new Set(
    views.filter(({ row, isReadable }) => row.isCurrent && isReadable).map(({ key }) => key),
  )
  const isSaid = ({ own, key }: RowView): boolean => own !== undefined || !present.has(key)
  const stays = (view: RowView): boolean =>
    view.row.withdrawn === 'returned' || (view.row.withdrawn === 'open' && !isSaid(view))
  const inForce = new Set(views.filter(stays).map(({ key }) => key))
  const isInForce = ({ key }: RowView): boolean => inForce.has(key)
  return {
    isInForce,
    isElsewhere: (view) => isInForce(view) && view.isReadable && view.counts && view.own === undefined,
    hasEnded: (view) => view.row.withdrawn === 'open' && isSaid(view),
    isContradicted: (view) => view.row.withdrawn === 'returned' && isSaid(view),
  }
}
