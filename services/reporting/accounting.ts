import type { Knex } from 'knex'
import { accountedRows, type StoredAccounted } from '../../db/reporting/accounted.ts'
import type { FlowSummary } from '../../db/reporting/list.ts'
import { creditsOfFlow, type FlowTie } from '../../db/treasury/ties.ts'
import {
  addTo,
  linesOf,
  type Account,
  type AccountedRow,
  type AccountingLine,
} from '../../domain/reporting/accounting.ts'
import { readBilancio } from '../../domain/wire/read-bilancio.ts'

/** What an accountant books of a flow, with the credits of the bank that brought it. */
export interface BookedLine extends AccountingLine {
  flowId: string
  credits: readonly FlowTie[]
}

/**
 * The lines of some flows, flow by flow: those of a flow sum up to the total that it declares. Only a page of rows is in memory. Source:
 * docs/field/reporting.md#accounting.
 */
export async function* bookedLines(
  db: Knex,
  enteId: string,
  flows: readonly FlowSummary[],
): AsyncGenerator<BookedLine> {
  for (const { id, flowId, pspId, declaredCents, rowsCents } of flows) {
    const account: Account = new Map()
    for await (const row of accountedRows(db, id)) addTo(account, accounted(row))
    const ties = await creditsOfFlow(db, { enteId, flowId, pspId })
    const credits = ties.filter(({ state }) => state !== 'proposed')
    for (const line of linesOf(account, declaredCents ?? rowsCents)) yield { ...line, flowId, credits }
  }
}

const accounted = ({ placed, revoked, dueType, bilancio }: StoredAccounted): AccountedRow => ({
  places: { placed: placed ?? 0, revoked: revoked ?? 0 },
  dueType,
  chapters: (bilancio === null ? undefined : readBilancio(bilancio)) ?? [],
})
