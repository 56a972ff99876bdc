import type { Knex } from 'knex'
import { flowFacts } from '../../db/reporting/facts.ts'
import {
  beginFrom,
  findFlow,
  forgetPages,
  giveUp,
  lockListed,
  pagesHere,
  saveHeader,
  storeFlow,
  type ReportingFlow,
} from '../../db/reporting/flow.ts'
import { AppError, isAppError } from '../../domain/errors.ts'
import { writeJournal } from '../../db/journal/journal.ts'
import { constraintOf } from '../../db/ground/errors.ts'
import { savePage } from '../../db/reporting/page.ts'
import { flagsOf } from '../../domain/reporting/flow-checks.ts'
import { fetchWhole } from './fetch-whole.ts'
import { PAGE_SIZE, type PagedSource, type PaymentsPage } from './source.ts'
import type { ReportedRow } from '../../domain/reporting/row.ts'
import type { ReportingDeps } from './deps.ts'
import { firstValueOf, inSlot, keeping, valueOf } from './in-slot.ts'

/**
 * Fetches a flow and makes it stored: its header and the pages that are missing, or its whole document. A page that fails is asked for again
 * alone, by the next try.
 * @returns false when it was stored already, or is given up because pagoPA does not give it any more
 */
export async function fetchFlow(
  { db, reporting }: Pick<ReportingDeps, 'db' | 'reporting'>,
  id: string,
): Promise<boolean> {
  const flow = await findFlow(db, id)
  if (flow?.state !== 'listed') return false
  try {
    return await inSlot(db, flow.enteId, async (slot) => {
      const kept = keeping(db, slot)
      const odd =
        reporting.kind === 'whole'
          ? await fetchWhole(db, reporting, flow, kept)
          : await fetchPaged(db, reporting, flow, kept)
      return odd !== undefined && (await store(db, id, odd))
    })
  } catch (error) {
    if (isAppError(error) && error.code === 'REPORTING_GONE' && (await giveUp(db, id, 'late'))) return false
    throw error
  }
}

async function fetchPaged(
  db: Knex,
  source: PagedSource,
  listed: ReportingFlow,
  kept: () => Promise<void>,
): Promise<string[]> {
  // What came in another form is no page of this source.
  if (listed.source !== 'rest' && !(await beginFrom(db, listed.id, 'rest'))) return []
  const flow = (await findFlow(db, listed.id))!
  await saveHeader(db, flow.id, await firstValueOf(db, await source.header(flow)))
  const here = new Set(await pagesHere(db, flow.id))
  for await (const { number, page } of missingPages(db, source, { flow, here })) {
    const pages = Math.max(page.pages, 1)
    const rows = isByPlace(flow) ? numbered(page.rows, (number - 1) * PAGE_SIZE) : page.rows
    await savePage(db, flow.id, { number, pages, document: page.document, rows }).catch((error: unknown) =>
      afterRepeat(db, flow, error),
    )
    await kept()
  }
  return isByPlace(flow) ? ['renumbered'] : []
}

interface Missing {
  flow: ReportingFlow
  /** Numbers of pages that are stored. */
  here: ReadonlySet<number>
}

/** The pages of a flow that are missing, in their order. While one is stored the next is asked for, so that nobody waits for the other. */
async function* missingPages(
  db: Knex,
  source: PagedSource,
  { flow, here }: Missing,
): AsyncGenerator<{ number: number; page: PaymentsPage }> {
  const after = (number: number, pages: number): number | undefined => {
    for (let next = number + 1; next <= pages; next++) if (!here.has(next)) return next
    return undefined
  }
  const ask = (number: number | undefined) =>
    number === undefined ? undefined : source.payments(flow, number)
  let number = after(0, flow.pages ?? 1)
  let asked = ask(number)
  try {
    while (number !== undefined && asked) {
      const answer = await asked
      asked = undefined
      const page = await valueOf(db, answer)
      const next = after(number, page.pages)
      asked = ask(next)
      yield { number, page }
      number = next
    }
  } finally {
    // A call whose answer nobody uses any more is in the journal too.
    if (asked) await writeJournal(db, (await asked).journal)
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

/**
 * Makes a flow stored whose pages are all here, with the flags of what is odd about it.
 * @param odd what was odd about fetching it
 */
const store = (db: Knex, id: string, odd: readonly string[]): Promise<boolean> =>
  db.transaction(async (trx) => {
    const flow = await lockListed(trx, id)
    if (!flow) return false
    // Another fetch of this flow may have begun it anew meanwhile.
    if ((await pagesHere(trx, id)).length < (flow.pages ?? 1))
      throw new AppError('REPORTING_UNREACHABLE', { why: 'PAGES_MISSING' })
    const { header, tally } = await flowFacts(trx, id)
    await storeFlow(trx, flow, [...flagsOf(header, tally), ...odd])
    return true
  })
