import { pipeline } from 'node:stream/promises'
import { Router, type Response } from 'express'
import { countForZip, flowsForZip, type FlowFilter, type FlowSummary } from '../../db/reporting/list.ts'
import { flowXml } from '../../services/reporting/flow-xml.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { reportedRowsCsv } from '../../templates/documents/reported-rows-csv.ts'
import { archiveOf, type ArchiveEntry } from '../../templates/documents/zip.ts'
import { reportedRows } from '../../db/reporting/rows.ts'
import { theAccess } from '../access/operator.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { readFilters } from '../list/filters.ts'
import { withoutPlace, withQuery } from '../list/pages.ts'
import { fileName } from './reporting-flow-view.ts'
import { FILTERS, flowFilter, SPANS } from './reporting-query.ts'
import { reportingHref, SECTION } from './reporting-view.ts'

/** What one archive may hold, because it is made while the browser waits: 200,000 payments take some seconds. */
const MOST_FLOWS = 1_000
const MOST_PAYMENTS = 200_000

/** The flows that a search finds, each as XML and CSV, as one archive. Files are written one after the other and never kept. */
export function reportingZip({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get(`/operatore/:codIpa/${SECTION}.zip`, async (req, res) => {
    const { values, problems } = readFilters(FILTERS, req.query, { t, spans: SPANS })
    const filter = flowFilter(values)
    const isGiven =
      Object.keys(problems).length === 0 && isFitting(await countForZip(db, access(res), filter))
    // The page of the list says what cannot be read, and how much is too much.
    if (!isGiven) return res.redirect(303, withQuery(reportingHref(res), withoutPlace(req.query)))
    const flows = await flowsForZip(db, access(res), filter, MOST_FLOWS)
    const name = archiveName(theAccess(res).codIpa, filter)
    await traceAtEnte(db, res, { what: 'reporting', detail: name })
    res.set('cache-control', 'no-store').type('application/zip').attachment(name)
    await pipeline(archiveOf(flows.flatMap(entriesOf)), res).catch((error: unknown) =>
      req.log.info({ err: error }, 'zip not read to its end'),
    )
  })

  const entriesOf = (flow: FlowSummary): ArchiveEntry[] => [
    { name: fileName(flow, 'xml'), open: () => flowXml(db, flow), isCompressed: true },
    {
      name: fileName(flow, 'csv'),
      open: () => reportedRowsCsv(reportedRows(db, flow.id)),
      isCompressed: true,
    },
  ]

  return router
}

const access = (res: Response): string => theAccess(res).enteId

const isFitting = ({ flows, payments }: { flows: number; payments: number }): boolean =>
  flows > 0 && flows <= MOST_FLOWS && payments <= MOST_PAYMENTS

/** The name of the archive, with the days of the search that begin and end its period. */
function archiveName(codIpa: string, filter: FlowFilter): string {
  const { producedFrom, producedTo, availableFrom, availableTo } = filter
  const days = [producedFrom ?? availableFrom, producedTo ?? availableTo].filter((day) => day !== undefined)
  return `${[SECTION, codIpa, ...days].join('_')}.zip`
}

/** The link to the archive of a search, or why there is none. Null when the search finds nothing to give. */
export async function zipView(
  db: AppDeps['db'],
  res: Response,
  filter: FlowFilter,
): Promise<{ href: string | null; text: string } | null> {
  const count = await countForZip(db, access(res), filter)
  if (count.flows === 0) return null
  const shown = { flows: wholeNumber(count.flows), payments: wholeNumber(count.payments) }
  if (isFitting(count))
    return {
      href: withQuery(`${reportingHref(res)}.zip`, withoutPlace(res.req.query)),
      text: t('reporting.zip.link', { count: count.flows, ...shown }),
    }
  const most = { mostFlows: wholeNumber(MOST_FLOWS), mostPayments: wholeNumber(MOST_PAYMENTS) }
  return { href: null, text: t('reporting.zip.tooMany', { ...shown, ...most }) }
}
