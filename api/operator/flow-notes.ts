import type { Knex } from 'knex'
import type { FlowSummary } from '../../db/reporting/list.ts'
import { openOfFlows } from '../../db/reporting/standing.ts'
import { creditsByFlow, hasTreasury, type FlowCredit } from '../../db/treasury/ties.ts'
import { flowClass } from '../../domain/treasury/classes.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'

/** By the id of a flow: how many of its payments wait for a person, and whether its money is on the account. */
export async function flowNotes(
  db: Knex,
  enteId: string,
  flows: readonly FlowSummary[],
): Promise<ReadonlyMap<string, string[]>> {
  const current = flows.filter(({ isCurrent }) => isCurrent)
  if (current.length === 0) return new Map()
  const ids = current.map(({ id }) => id)
  const [open, credited, isCredited] = await Promise.all([
    openOfFlows(db, enteId, ids),
    creditsByFlow(db, ids),
    hasTreasury(db, enteId),
  ])
  const bankNote = (flow: FlowSummary): string[] => {
    const credit = credited.find(({ reportingFlowId }) => reportingFlowId === flow.id)
    const { rule } = flowClass({
      hasTreasury: isCredited,
      isTied: credit !== undefined && isWhole(credit, flow),
      hasCredit: credit !== undefined,
    })
    return rule === 'no_treasury' ? [] : [t(`treasury.flow.short.${rule}`)]
  }
  return new Map(
    current.map((flow) => {
      const payments = open.get(flow.id)
      const look =
        payments === undefined ? [] : [t('reporting.list.look', { payments: wholeNumber(payments) })]
      return [flow.id, [...look, ...bankNote(flow)]]
    }),
  )
}

const isWhole = ({ cents, isShared }: FlowCredit, { declaredCents, rowsCents }: FlowSummary): boolean =>
  isShared || (cents > 0 && cents === (declaredCents ?? rowsCents))
