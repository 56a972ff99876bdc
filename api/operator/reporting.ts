import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { listReportingFlows } from '../../db/reporting/list.ts'
import { missedSince } from '../../db/reporting/missed.ts'
import { lastRun } from '../../db/reporting/run.ts'
import { SHOWN_REPORTING_STATES } from '../../domain/reporting/shown-state.ts'
import { addDays, isCountableDay, romeDay } from '../../domain/calendar.ts'
import { t } from '../../templates/language.ts'
import { reportingSummary } from '../../templates/process-words.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { now, type AppDeps } from '../deps.ts'
import { summaryView, type Problems, type Typed } from '../form/field-view.ts'
import { amount, day, oneOf, word } from '../list/filters.ts'
import { listPage } from '../list/list-page.ts'
import { readPlace, writePlace } from '../list/place.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { flowRow, nextFetchAt, reportingHref, runView, SECTION } from './reporting-view.ts'

const PATH = `/operatore/:codIpa/${SECTION}`
const PAGE = 25
/** The furthest day, before today, from which flows can be asked for again. */
const MOST_DAYS = 366

const AskForm = z.object({ dal: z.string().trim().max(20).catch('') })

const FILTERS = {
  flusso: word(255),
  psp: word(100),
  'prodotto-dal': day,
  'prodotto-al': day,
  'disponibile-dal': day,
  'disponibile-al': day,
  importo: amount,
  stato: oneOf(SHOWN_REPORTING_STATES),
}
const dayField = (id: string, name: string) => ({
  id,
  label: t(`reporting.filter.${name}`),
  type: 'date' as const,
  maxLength: 10,
})
const FIELDS = [
  { id: 'flusso', label: t('reporting.filter.id'), maxLength: 255 },
  { id: 'psp', label: t('reporting.filter.psp'), maxLength: 100 },
  dayField('prodotto-dal', 'producedFrom'),
  dayField('prodotto-al', 'producedTo'),
  dayField('disponibile-dal', 'availableFrom'),
  dayField('disponibile-al', 'availableTo'),
  { id: 'importo', label: t('reporting.filter.amount'), maxLength: 20 },
  {
    id: 'stato',
    label: t('reporting.filter.state'),
    options: SHOWN_REPORTING_STATES.map((state) => ({ value: state, label: t(`reporting.state.${state}`) })),
    blank: t('operator.all'),
  },
]

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
      spans: [
        ['prodotto-dal', 'prodotto-al'],
        ['disponibile-dal', 'disponibile-al'],
      ],
      fields: FIELDS,
      size: PAGE,
      find: (values, turn) =>
        listReportingFlows(
          db,
          access.enteId,
          {
            flowId: values.flusso,
            psp: values.psp,
            producedFrom: values['prodotto-dal'],
            producedTo: values['prodotto-al'],
            availableFrom: values['disponibile-dal'],
            availableTo: values['disponibile-al'],
            cents: values.importo,
            state: values.stato,
          },
          turn,
        ),
      placeOf: ({ flowAt, id }) => writePlace(flowAt, id),
      readPlace,
      none: t('reporting.list.none'),
      empty: t('reporting.list.empty'),
    })
    const [last, missed, next] = await Promise.all([
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
        csrf: csrfOf(req),
        run: runView({ last, next, isMissed: missed !== undefined }, typed, problems),
        ...view,
        ...summaryView({ ...problems, ...search.problems }),
        rows: rows.map((row) => flowRow(row, reportingHref(res))),
      },
      Object.keys(problems).length > 0 ? 422 : status,
    )
  }

  return router
}
