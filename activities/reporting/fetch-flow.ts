import type { Knex } from 'knex'
import { flowFacts } from '../../db/reporting/facts.ts'
import {
  findFlow,
  forgetPages,
  lockListed,
  pagesHere,
  saveHeader,
  storeFlow,
  type ReportingFlow,
} from '../../db/reporting/flow.ts'
import { AppError } from '../../domain/errors.ts'
import { constraintOf } from '../../db/ground/errors.ts'
import { savePage } from '../../db/reporting/page.ts'
import { keepSlot, type Slot } from '../../db/reporting/slot.ts'
import { flagsOf } from '../../domain/reporting/flow-checks.ts'
import { PAGE_SIZE } from './source.ts'
import type { ReportedRow } from '../../domain/reporting/row.ts'
import type { ReportingDeps } from './deps.ts'
import { firstValueOf, inSlot, valueOf } from './in-slot.ts'

/** Time after which the place among the requests is kept for longer; a place is free after three minutes. */
const KEEP_EVERY_MS = 60_000

/**
 * Fetches the header of a flow and the pages that are missing, and makes it stored. A page that fails is asked for again alone, by the
 * next try.
 * @returns false when it was stored already
 */
export async function fetchFlow(deps: ReportingDeps, id: string): Promise<boolean> {
  const flow = await findFlow(deps.db, id)
  if (flow?.state !== 'listed') return false
  return inSlot(deps.db, flow.enteId, async (slot) => {
    await saveHeader(deps.db, id, await firstValueOf(deps.db, await deps.reporting.header(flow)))
    await fetchPages(deps, flow, slot)
    return store(deps.db, id)
  })
}

async function fetchPages({ db, reporting }: ReportingDeps, flow: ReportingFlow, slot: Slot): Promise<void> {
  const here = new Set(await pagesHere(db, flow.id))
  let pages = flow.pages ?? 1
  let keptAt = Date.now()
  for (let number = 1; number <= pages; number++) {
    if (here.has(number)) continue
    const page = await valueOf(db, await reporting.payments(flow, number))
    pages = Math.max(page.pages, 1)
    const rows = isByPlace(flow) ? numbered(page.rows, (number - 1) * PAGE_SIZE) : page.rows
    await savePage(db, flow.id, { number, pages, document: page.document, rows }).catch((error: unknown) =>
      afterRepeat(db, flow, error),
    )
    if (Date.now() - keptAt < KEEP_EVERY_MS) continue
    await keepSlot(db, slot)
    keptAt = Date.now()
  }
}

const numbered = (rows: readonly ReportedRow[], before: number): ReportedRow[] =>
  rows.map((row, at) => ({ ...row, position: before + at + 1 }))

/** The numbers of its payments repeated also when it was fetched anew, so that they are numbered by their places. */
const isByPlace = ({ repeats }: ReportingFlow): boolean => repeats > 1

/** The numbers of payments repeat: the flow is fetched anew. */
async function afterRepeat(db: Knex, { id }: ReportingFlow, error: unknown): Promise<never> {
  if (constraintOf(error) === 'reported_row_place')
    await db.transaction(async (trx) => (await lockListed(trx, id)) && forgetPages(trx, id))
  throw error
}

/** Makes a flow stored whose pages are all here, with the flags of what is odd about it. */
const store = (db: Knex, id: string): Promise<boolean> =>
  db.transaction(async (trx) => {
    const flow = await lockListed(trx, id)
    if (!flow) return false
    // Another fetch of this flow may have begun it anew meanwhile.
    if ((await pagesHere(trx, id)).length < (flow.pages ?? 1))
      throw new AppError('REPORTING_UNREACHABLE', { why: 'PAGES_MISSING' })
    const { header, tally } = await flowFacts(trx, id)
    await storeFlow(trx, flow, [...flagsOf(header, tally), ...(isByPlace(flow) ? ['renumbered'] : [])])
    return true
  })
