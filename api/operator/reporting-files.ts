import { Router, type Request, type Response } from 'express'
import { countForZip, flowsForZip, type FlowFilter, type FlowSummary } from '../../db/reporting/list.ts'
import { bookedLines } from '../../services/reporting/accounting.ts'
import { flowXml } from '../../services/reporting/flow-xml.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { accountingCsv } from '../../templates/documents/accounting-csv.ts'
import { reportedRowsCsv } from '../../templates/documents/reported-rows-csv.ts'
import { archiveOf, type ArchiveEntry } from '../../templates/documents/zip.ts'
import { reportedRows } from '../../db/reporting/rows.ts'
import { theAccess } from '../access/operator.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { asCsv } from '../documents/csv.ts'
import { sendStream } from '../documents/send-stream.ts'
import { readFilters } from '../list/filters.ts'
import { withoutPlace, withQuery } from '../list/pages.ts'
import { fileName } from './reporting-flow-view.ts'
import { FILTERS, flowFilter, SPANS } from './reporting-query.ts'
import { reportingHref, SECTION } from './reporting-view.ts'

const ACCOUNTING = 'contabilita'

/** What one file may hold, because it is made while the browser waits: 200,000 payments take some seconds. */
const MOST_FLOWS = 1_000
const MOST_PAYMENTS = 200_000

/**
 * Files of the flows that a search finds: each as XML and CSV in one archive, and what an accountant books of them. They are written one after
 * the other and never kept.
 */
export function reportingFiles({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get(`/operatore/:codIpa/${SECTION}.zip`, async (req, res) => {
    const found = await foundBy(req, res)
    if (!found) return
    const name = await traced(res, SECTION, found.filter, 'zip')
    res.set('cache-control', 'no-store').type('application/zip').attachment(name)
    await sendStream(req, res, archiveOf(found.flows.flatMap(entriesOf)))
  })

  router.get(`/operatore/:codIpa/${SECTION}/${ACCOUNTING}.csv`, async (req, res) => {
    const found = await foundBy(req, res)
    if (!found) return
    asCsv(res, await traced(res, ACCOUNTING, found.filter, 'csv'))
    await sendStream(req, res, accountingCsv(bookedLines(db, access(res), found.flows)))
  })

  /** The flows of the search; undefined after a redirect to the page of the list, which says what cannot be read, and how much is too much. */
  async function foundBy(
    req: Request,
    res: Response,
  ): Promise<{ filter: FlowFilter; flows: FlowSummary[] } | undefined> {
    const { values, problems } = readFilters(FILTERS, req.query, { t, spans: SPANS })
    const filter = flowFilter(values)
    if (Object.keys(problems).length === 0 && isFitting(await countForZip(db, access(res), filter)))
      return { filter, flows: await flowsForZip(db, access(res), filter, MOST_FLOWS) }
    res.redirect(303, withQuery(reportingHref(res), withoutPlace(req.query)))
    return undefined
  }

  /** The name of a file, which is noted with who downloads it. */
  async function traced(res: Response, what: string, filter: FlowFilter, ending: string): Promise<string> {
    const name = nameOf(what, theAccess(res).codIpa, filter, ending)
    await traceAtEnte(db, res, { what: 'reporting', detail: name })
    return name
  }

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

/** The name of a file, with the days of the search that begin and end its period. */
function nameOf(what: string, codIpa: string, filter: FlowFilter, ending: string): string {
  const { producedFrom, producedTo, availableFrom, availableTo } = filter
  const days = [producedFrom ?? availableFrom, producedTo ?? availableTo].filter((day) => day !== undefined)
  return `${[what, codIpa, ...days].join('_')}.${ending}`
}

/** The links to the files of a search, or why there are none. Null when the search finds nothing to give. */
export async function filesView(db: AppDeps['db'], res: Response, filter: FlowFilter) {
  const count = await countForZip(db, access(res), filter)
  if (count.flows === 0) return null
  const shown = { flows: wholeNumber(count.flows), payments: wholeNumber(count.payments) }
  const linkTo = (path: string) => withQuery(`${reportingHref(res)}${path}`, withoutPlace(res.req.query))
  if (isFitting(count))
    return {
      href: linkTo('.zip'),
      text: t('reporting.zip.link', { count: count.flows, ...shown }),
      accountingHref: linkTo(`/${ACCOUNTING}.csv`),
    }
  const most = { mostFlows: wholeNumber(MOST_FLOWS), mostPayments: wholeNumber(MOST_PAYMENTS) }
  return { href: null, text: t('reporting.zip.tooMany', { ...shown, ...most }), accountingHref: null }
}
