import type { Knex } from 'knex'
import { insertDated } from '../../db/reporting/dated.ts'
import { insertListed, lastPublished, listedFlows, type ListedFlow } from '../../db/reporting/flow.ts'
import { findRun, type ReportingRun } from '../../db/reporting/run.ts'
import { askedDays } from '../../domain/reporting/asked-days.ts'
import { AppError } from '../../domain/errors.ts'
import { pspOfFlowId } from '../../domain/wire/reporting-soap.ts'
import type { ReportingDeps } from './deps.ts'
import { firstValueOf, inSlot } from './in-slot.ts'
import type { PagedSource, WholeSource } from './source.ts'

type Deps = Pick<ReportingDeps, 'db' | 'reporting'>

/** A list that changes while it is read is read anew this many times. */
const READINGS = 3
/** Flows that one fetch takes; what is left is taken by the next one. */
const MOST_FLOWS = 500

/** Asks for the flows of the ente of a run, and returns those that are to be fetched. */
export async function listReporting({ db, reporting }: Deps, runId: string): Promise<string[]> {
  const run = await findRun(db, runId)
  if (!run) throw new AppError('NOT_FOUND', { runId })
  await inSlot(db, run.enteId, () =>
    reporting.kind === 'paged' ? readPages(db, reporting, run) : readDated(db, reporting, run),
  )
  return listedFlows(db, run.enteId, MOST_FLOWS)
}

/** The old node lists what it has of the last thirty days, whatever days are asked for. */
async function readDated(db: Knex, source: WholeSource, run: ReportingRun): Promise<void> {
  const flows = await firstValueOf(db, await source.list(run.domain))
  await insertDated(
    db,
    run,
    flows.map((flow) => ({ ...flow, pspId: pspOfFlowId(flow.flowId) })),
  )
}

async function readPages(db: Knex, source: PagedSource, run: ReportingRun): Promise<void> {
  const last = await lastPublished(db, run.enteId)
  const days = askedDays({ now: run.startedAt, lastPublished: last, fromOn: run.fromOn })
  for (let reading = 1; reading <= READINGS; reading++)
    if (await readList(db, source, run, { ...days, isLast: reading === READINGS })) return
}

/** Reads every page and stores what is new on it. False when the list changed meanwhile, so that something may have been missed. */
async function readList(
  db: Knex,
  source: PagedSource,
  run: ReportingRun,
  { publishedAfter, flowsFrom, isLast }: { publishedAfter: string; flowsFrom: string; isLast: boolean },
): Promise<boolean> {
  let pages = 1
  for (let page = 1; page <= pages; page++) {
    const asked = await source.list({ domain: run.domain, publishedAfter, flowsFrom, page })
    const read = await firstValueOf(db, asked)
    await insertListed(db, run, onceEach(read.flows))
    if (page > 1 && read.pages !== pages && !isLast) return false
    pages = read.pages
    if (read.flows.length === 0) return true
  }
  return true
}

/** One statement may not insert the same key twice, and a page may name a flow twice. */
const onceEach = (flows: readonly ListedFlow[]): ListedFlow[] => [
  ...new Map(flows.map((flow) => [`${flow.flowId}|${flow.pspId}|${flow.revision}`, flow])).values(),
]
