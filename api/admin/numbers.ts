import { stringify } from 'csv-stringify/sync'
import { Router, type Request, type Response } from 'express'
import {
  journeysCountedAt,
  journeysOf,
  journeyTotals,
  nodeOutcomes,
  type JourneyFilter,
} from '../../db/figures/journeys.ts'
import { regionReporting } from '../../db/figures/reporting-weeks.ts'
import { countQueues } from '../../db/worklist/queues.ts'
import { addDays, daysBetween, formatInstant, romeDay } from '../../domain/calendar.ts'
import { csvCells, csvTitles } from '../../templates/documents/table-csv.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { platformOnly } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { now, type AppDeps } from '../deps.ts'
import { CSV_FORM } from '../../templates/documents/csv-form.ts'
import { asCsv } from '../documents/csv.ts'
import { MOST_DIRECT_ROWS, sendSheet } from '../documents/sheet.ts'
import { fieldView, statusOf, summaryView } from '../form/field-view.ts'
import { day, readFilters, word } from '../list/filters.ts'
import { withoutPlace, withQuery } from '../list/pages.ts'
import { sendPage } from '../page/page.ts'
import { regionReportingView } from './numbers-reporting.ts'
import {
  healthView,
  JOURNEY_COLUMNS,
  journeyColumns,
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
    const [totals, rows, countedAt, queues, outcomes, reporting] = await Promise.all([
      isReadable ? journeyTotals(db, filter) : undefined,
      isReadable ? journeysOf(db, filter, MOST_DIRECT_ROWS + 1) : [],
      journeysCountedAt(db),
      countQueues(db),
      nodeOutcomes(db),
      regionReporting(db, ROWS + 1),
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
                rows: rows.slice(0, ROWS).map(journeyView),
                isCut: rows.length > ROWS,
                csvHref: `${PATH}.csv?${address(filter)}`,
                sheetHref: rows.length > MOST_DIRECT_ROWS ? null : `${PATH}.xlsx?${address(filter)}`,
                tooManyRows: t('figures.region.tooManyRows', { most: wholeNumber(MOST_DIRECT_ROWS) }),
              }
            : null,
        reporting: regionReportingView(reporting, romeDay(now(config)), ROWS),
        health: healthView(queues),
        outcomes: outcomes.map(nodeView),
      },
      statusOf(problems),
    )
  })

  /** The page of the same search, which shows what cannot be read and why there is no workbook. */
  const toPage = (req: Request, res: Response): void =>
    res.redirect(303, withQuery(PATH, withoutPlace(req.query)))

  router.get(`${PATH}.csv`, platformOnly, async (req, res) => {
    const { filter, problems } = readPeriod(req)
    if (Object.keys(problems).length > 0) return toPage(req, res)
    const rows = (await journeysOf(db, filter, CSV_ROWS)).map((row) => csvCells(JOURNEY_COLUMNS, row))
    asCsv(res, `${fileName(filter)}.csv`).send(
      stringify(rows, { ...CSV_FORM, columns: csvTitles(JOURNEY_COLUMNS) }),
    )
  })

  router.get(`${PATH}.xlsx`, platformOnly, async (req, res) => {
    const { filter, problems } = readPeriod(req)
    const rows = Object.keys(problems).length > 0 ? [] : await journeysOf(db, filter, MOST_DIRECT_ROWS + 1)
    if (Object.keys(problems).length > 0 || rows.length > MOST_DIRECT_ROWS) return toPage(req, res)
    const name = { file: `${fileName(filter)}.xlsx`, sheet: t('figures.region.perEnte') }
    await sendSheet(res, name, JOURNEY_COLUMNS, rows)
  })
  return router
}

const fileName = ({ from, to }: JourneyFilter): string => `numeri-${from}-${to}`

const address = ({ from, to, ente = '' }: JourneyFilter): string =>
  new URLSearchParams({ dal: from, al: to, ente }).toString()

const FIELDS = [
  { id: 'dal', label: t('staff.label.from'), type: 'date' as const, maxLength: 10 },
  { id: 'al', label: t('staff.label.to'), type: 'date' as const, maxLength: 10 },
  { id: 'ente', label: t('figures.region.enteFilter'), maxLength: 80 },
]
