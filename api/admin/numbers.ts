import { stringify } from 'csv-stringify/sync'
import { Router, type Request } from 'express'
import { journeysCountedAt, journeysOf, journeyTotals, nodeOutcomes } from '../../db/figures/journeys.ts'
import { countQueues } from '../../db/worklist/queues.ts'
import { addDays, daysBetween, formatInstant, romeDay } from '../../domain/calendar.ts'
import { t } from '../../templates/language.ts'
import { platformOnly } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { now, type AppDeps } from '../deps.ts'
import { CSV_FORM } from '../../templates/documents/csv-form.ts'
import { asCsv } from '../documents/csv.ts'
import { fieldView, statusOf, summaryView } from '../form/field-view.ts'
import { day, readFilters, word } from '../list/filters.ts'
import { sendPage } from '../page/page.ts'
import {
  healthView,
  journeyColumns,
  journeyCsvColumns,
  journeyCsvRow,
  journeyView,
  nodeView,
  stepsView,
  totalsView,
} from './numbers-view.ts'

const PATH = '/admin/numeri'
/** Days of the period when the address names none. */
const USUAL_DAYS = 30
/** A longer period would read too many rows for one page. */
const MOST_DAYS = 92
const ROWS = 100
const CSV_ROWS = 50_000

const FILTERS = { dal: day, al: day, ente: word(80) }

/** The figures of the region: payments by ente and type of due, where people stop, and what does not go well now. */
export function numbersPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  /** The period and the ente of the address; without a period the last 30 days. */
  function readPeriod(req: Request) {
    const read = readFilters(FILTERS, req.query, { t, spans: [['dal', 'al']] })
    const to = read.values.al ?? romeDay(now(config))
    const from = read.values.dal ?? addDays(to, 1 - USUAL_DAYS)
    const isTooLong = daysBetween(from, to) >= MOST_DAYS
    const problems = isTooLong
      ? { ...read.problems, al: t('figures.region.tooLong', { days: MOST_DAYS }) }
      : read.problems
    return {
      filter: { from, to, ente: read.values.ente },
      problems,
      typed: { ...read.typed, dal: read.typed['dal'] || from, al: read.typed['al'] || to },
    }
  }

  router.get(PATH, platformOnly, async (req, res) => {
    const { filter, problems, typed } = readPeriod(req)
    const isReadable = Object.keys(problems).length === 0
    const [totals, rows, countedAt, queues, outcomes] = await Promise.all([
      isReadable ? journeyTotals(db, filter) : undefined,
      isReadable ? journeysOf(db, filter, ROWS) : [],
      journeysCountedAt(db),
      countQueues(db),
      nodeOutcomes(db),
    ])
    sendPage(
      res,
      'admin/numbers',
      {
        title: t('figures.region.title'),
        ...adminFrame(res, PATH),
        ...summaryView(problems),
        fields: FIELDS.map((field) => fieldView({ ...field, required: false }, typed, problems)),
        counted:
          countedAt === null
            ? t('figures.region.never')
            : t('figures.region.counted', { at: formatInstant(countedAt) }),
        journeys:
          totals && rows.length > 0
            ? {
                totals: totalsView(totals),
                steps: stepsView(totals),
                columns: journeyColumns(),
                rows: rows.map(journeyView),
                isCut: rows.length === ROWS,
                csvHref: `${PATH}.csv?${new URLSearchParams({ dal: filter.from, al: filter.to, ente: filter.ente ?? '' }).toString()}`,
              }
            : null,
        health: healthView(queues),
        outcomes: outcomes.map(nodeView),
      },
      statusOf(problems),
    )
  })

  router.get(`${PATH}.csv`, platformOnly, async (req, res) => {
    const { filter, problems } = readPeriod(req)
    // The page shows which fields cannot be read.
    if (Object.keys(problems).length > 0)
      return res.redirect(303, `${PATH}?${req.originalUrl.split('?')[1] ?? ''}`)
    const rows = (await journeysOf(db, filter, CSV_ROWS)).map(journeyCsvRow)
    asCsv(res, `numeri-${filter.from}-${filter.to}.csv`).send(
      stringify(rows, { ...CSV_FORM, columns: journeyCsvColumns() }),
    )
  })
  return router
}

const FIELDS = [
  { id: 'dal', label: t('staff.label.from'), type: 'date' as const, maxLength: 10 },
  { id: 'al', label: t('staff.label.to'), type: 'date' as const, maxLength: 10 },
  { id: 'ente', label: t('figures.region.enteFilter'), maxLength: 80 },
]
