import { anomalyActs, askingActs, endingActs, settlingActs, type ActedRow } from './acts.ts'
import { classOf } from './classify-row.ts'
import { isRevoked } from './code.ts'
import { decidedRows, holds, type Decided } from './decision.ts'
import type { IuvFacts } from './iuv-facts.ts'
import { payersOf, type Payer } from './payer.ts'
import { placesOf } from './places.ts'
import type { ReconciledIuv } from './reconciled.ts'
import { viewsOf, type RowView } from './row-view.ts'
import { withdrawnRows, type Withdrawn } from './withdrawn.ts'

/**
 * Classifies all rows of many IUVs at once and says what is to be done. Each IUV is judged by itself. Source: docs/field/reporting.md#classes.
 */
export const reconcile = (facts: readonly IuvFacts[]): ReconciledIuv[] => facts.map(reconcileIuv)

function reconcileIuv(facts: IuvFacts): ReconciledIuv {
  const views = viewsOf(facts)
  const decided = decidedRows(facts.decisions, views)
  const withdrawn = withdrawnRows(views)
  const isDecided = (view: RowView): boolean => decided.isDecided(view) || withdrawn.isInForce(view)
  const payers = payersOf({ ...facts, views, isDecided })
  const revoked = revokedPayments(views)
  const rows = views.map((view) => judge(view, { facts, decided, withdrawn, payers, revoked }))
  return {
    iuv: facts.iuv,
    rows: rows.map(({ is }) => is),
    acts: [
      ...settlingActs(facts.transfers, payers),
      ...askingActs(rows),
      ...anomalyActs(rows),
      ...endingActs(rows),
    ],
  }
}

const revokedPayments = (views: readonly RowView[]): Set<string> =>
  new Set(views.filter(({ row }) => row.isCurrent && isRevoked(row.code)).map(({ key }) => key))

interface Known {
  facts: IuvFacts
  decided: Decided
  withdrawn: Withdrawn
  payers: ReadonlyMap<string, Payer>
  revoked: ReadonlySet<string>
}

function judge(view: RowView, { facts, decided, withdrawn, payers, revoked }: Known): ActedRow {
  const { row, own, transfer } = view
  const judged = {
    ...view,
    isDueKnown: facts.transfers.length > 0,
    payer: transfer && payers.get(transfer.shareId),
    isDecided: decided.isDecided(view),
    isElsewhere: withdrawn.isElsewhere(view),
    hasEnded: withdrawn.hasEnded(view),
  }
  const given = classOf(judged)
  const classified = { ...judged, ...given }
  const decision = decided.at.get(row.id)
  const isAccepted = decision !== undefined && holds(decision, classified, revoked)
  const is = {
    rowId: row.id,
    ...given,
    dueId: transfer?.dueId ?? null,
    shareId: transfer?.shareId ?? null,
    receiptId: own?.receiptId ?? null,
    places: placesOf(classified, { isOurs: facts.isOurs, isAccepted }),
    isContradicted: withdrawn.isContradicted(view) || (decision ? !isAccepted : decided.gone.has(row.id)),
  }
  return { ...judged, is, isAccepted }
}
