import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { listReportingFlows } from '../../db/reporting/list.ts'
import { missedSince } from '../../db/reporting/missed.ts'
import { lastRun } from '../../db/reporting/run.ts'
import { addDays, isCountableDay, romeDay } from '../../domain/calendar.ts'
import { t } from '../../templates/language.ts'
import { reportingSummary } from '../../templates/process-words.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { now, type AppDeps } from '../deps.ts'
import { summaryView, type Problems, type Typed } from '../form/field-view.ts'
import { listPage } from '../list/list-page.ts'
import { readPlace, writePlace } from '../list/place.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { flowNotes } from './flow-notes.ts'
import { FIELDS, FILTERS, flowFilter, SPANS } from './reporting-query.ts'
import { flowRow, nextFetchAt, reportingHref, runView, SECTION } from './reporting-view.ts'
import { filesView } from './reporting-files.ts'

const PATH = `/operatore/:codIpa/${SECTION}`
const PAGE = 25
/** The furthest day, before today, from which flows can be asked for again. */
const MOST_DAYS = 366

const AskForm = z.object({ dal: z.string().trim().max(20).catch('') })

/** The reporting flows of an ente: when they were fetched, the list, and a fetch that a person asks for. They name no person. */
export function reportingPages({
  db,
  processes,
  config,
}: Pick<AppDeps, 'db' | 'processes' | 'config'>): Router {
  const router = Router()

  router.get(PATH, (req, res) => show(req, res))

  router.post(`${PATH}/scarica`, async (req, res) => {
    const typed = AskForm.parse(req.body ?? {})
    const from = typed.dal
    const today = romeDay(now(config))
    if (from !== '' && !(isCountableDay(from) && from <= today && from >= addDays(today, -MOST_DAYS)))
      return show(req, res, typed, { dal: t('reporting.problem.day') })
    const { enteId, enteName } = theAccess(res)
    await processes.fetchReporting({
      enteId,
      operatorId: theOperator(res).id,
      fromOn: from === '' ? null : from,
      summary: reportingSummary(enteName),
    })
    redirectDone(req, res, reportingHref(res), 'reporting.run.booked')
  })

  async function show(
    req: Request,
    res: Response,
    typed: Typed = {},
    problems: Problems = {},
  ): Promise<void> {
    const access = theAccess(res)
    const { rows, search, view, status } = await listPage({
      t,
      href: reportingHref(res),
      query: req.query,
      filters: FILTERS,
      spans: SPANS,
      fields: FIELDS,
      size: PAGE,
      find: (values, turn) => listReportingFlows(db, access.enteId, flowFilter(values), turn),
      placeOf: ({ flowAt, id }) => writePlace(flowAt, id),
      readPlace,
      none: t('reporting.list.none'),
      empty: t('reporting.list.empty'),
    })
    const [notes, zip, last, missed, next] = await Promise.all([
      flowNotes(db, access.enteId, rows),
      rows.length === 0 ? null : filesView(db, res, flowFilter(search.values)),
      lastRun(db, access.enteId),
      missedSince(db, access.enteId),
      nextFetchAt(req.log, processes, access.enteId),
    ])
    sendPage(
      res,
      'operator/reporting',
      {
        title: t('reporting.list.title'),
        ...operatorFrame(access, SECTION),
        href: reportingHref(res),
        quadratureHref: `/operatore/${access.codIpa}/quadrature`,
        csrf: csrfOf(req),
        run: runView({ last, next, isMissed: missed !== undefined }, typed, problems),
        ...view,
        zip,
        ...summaryView({ ...problems, ...search.problems }),
        rows: rows.map((row) => flowRow(row, reportingHref(res), notes.get(row.id))),
      },
      Object.keys(problems).length > 0 ? 422 : status,
    )
  }

  return router
}
