import { stringify } from 'csv-stringify/sync'
import { Router, type Request, type Response } from 'express'
import { homeFigures, typeFigures, type TypeFigures } from '../../db/figures/ente.ts'
import { romeDay } from '../../domain/calendar.ts'
import { AppError } from '../../domain/errors.ts'
import { CSV_FORM } from '../../templates/documents/csv-form.ts'
import { csvCells, csvTitles } from '../../templates/documents/table-csv.ts'
import { t } from '../../templates/language.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { adminHref, operatorFrame, sectionsOf, sectionWords } from '../access/operator-menu.ts'
import { now, type AppDeps } from '../deps.ts'
import { asCsv } from '../documents/csv.ts'
import { MOST_DIRECT_ROWS, sendSheet } from '../documents/sheet.ts'
import { fieldView, statusOf, summaryView, type Problems, type Typed } from '../form/field-view.ts'
import { oneOf, readFilters } from '../list/filters.ts'
import { withoutPlace, withQuery } from '../list/pages.ts'
import { sendPage } from '../page/page.ts'
import { homeReporting } from './home-reporting.ts'
import { periodLinks, periodText, readPeriod, type ReadPeriod } from './home-period.ts'
import {
  chartView,
  countsView,
  firstSteps,
  paidDays,
  typeColumns,
  typesView,
  type HomeFacts,
} from './home-view.ts'
import { nextFetchAt } from './reporting-view.ts'

const PATH = '/operatore/:codIpa'

/** The first page of an ente: its figures, and what to do first while it has no dues. */
export function enteHome({ db, config, processes }: Pick<AppDeps, 'db' | 'config' | 'processes'>): Router {
  const router = Router()

  const read = (req: Request): ReadPeriod => readPeriod(req.query, romeDay(now(config)))

  router.get(PATH, async (req, res) => {
    const access = theAccess(res)
    const reader = readerOf(res)
    const chosen = read(req)
    const { period } = chosen
    const home = await homeFigures(db, reader, period)
    const { types, hasDues, reporting } = home
    const type = readType(req, types)
    const tipo = type.values.tipo
    const typed = { ...chosen.typed, ...type.typed }
    const problems = { ...chosen.problems, ...type.problems }
    const drawn = tipo === undefined ? types : types.filter(({ code }) => code === tipo)
    const days = paidDays(drawn, period)
    const facts: HomeFacts = { ...home, days, period }
    const nextAt = reporting.wasFetched ? null : await nextFetchAt(req.log, processes, access.enteId)
    sendPage(
      res,
      'operator/ente',
      {
        title: access.enteName,
        enteName: access.enteName,
        ...operatorFrame(access),
        ...summaryView(problems),
        figures: hasDues ? figuresView(req, res, { facts, tipo, typed, problems }) : null,
        steps: hasDues ? [] : firstSteps(access, types),
        reporting: homeReporting(hrefOf(res), reporting, { today: home.today, nextAt }),
        cards: cardsOf(res),
      },
      statusOf(problems),
    )
  })

  /** The table of the period of the address; null when it cannot be read, and then the answer is the page, which says why. */
  async function tableOf(req: Request, res: Response) {
    const reader = readerOf(res)
    const { period, problems } = read(req)
    if (Object.keys(problems).length > 0) {
      res.redirect(303, withQuery(hrefOf(res), withoutPlace(req.query)))
      return null
    }
    return { columns: typeColumns(period), rows: await typeFigures(db, reader, period) }
  }

  router.get(`${PATH}/numeri.csv`, async (req, res) => {
    const table = await tableOf(req, res)
    if (table === null) return
    const { columns, rows } = table
    asCsv(res, `numeri-${theAccess(res).codIpa}.csv`).send(
      stringify(
        rows.map((row) => csvCells(columns, row)),
        { ...CSV_FORM, columns: csvTitles(columns) },
      ),
    )
  })

  router.get(`${PATH}/numeri.xlsx`, async (req, res) => {
    const table = await tableOf(req, res)
    if (table === null) return
    if (table.rows.length > MOST_DIRECT_ROWS) throw new AppError('NOT_FOUND')
    const name = { file: `numeri-${theAccess(res).codIpa}.xlsx`, sheet: t('figures.table.heading') }
    await sendSheet(res, name, table.columns, table.rows)
  })
  return router
}

const hrefOf = (res: Response): string => `/operatore/${theAccess(res).codIpa}`

const readType = (req: Request, types: readonly TypeFigures[]) =>
  readFilters({ tipo: oneOf(types.map(({ code }) => code)) }, req.query, { t })

interface Shown {
  facts: HomeFacts
  tipo: string | undefined
  typed: Typed
  problems: Problems
}

function figuresView(req: Request, res: Response, { facts, tipo, typed, problems }: Shown) {
  const access = theAccess(res)
  const { period } = facts
  const home = hrefOf(res)
  const query = withoutPlace(req.query)
  return {
    counts: countsView(access, facts),
    periods: periodLinks(home, { period, tipo }),
    period: periodText(period),
    fields: fieldsOf(facts.types).map((field) => fieldView({ ...field, required: false }, typed, problems)),
    chart: chartView(facts),
    table: typesView(access, facts),
    csvHref: withQuery(`${home}/numeri.csv`, query),
    sheetHref: facts.types.length > MOST_DIRECT_ROWS ? null : withQuery(`${home}/numeri.xlsx`, query),
  }
}

const fieldsOf = (types: readonly TypeFigures[]) => [
  { id: 'dal', label: t('staff.label.from'), type: 'date' as const, maxLength: 10 },
  { id: 'al', label: t('staff.label.to'), type: 'date' as const, maxLength: 10 },
  {
    id: 'tipo',
    label: t('figures.chart.filter'),
    options: types.map(({ code, name }) => ({ value: code, label: name })),
    blank: t('operator.all'),
  },
]

/** The sections of the console, and the configuration for those who may change it. */
function cardsOf(res: Response) {
  const access = theAccess(res)
  const admin = adminHref(access)
  return [
    ...sectionsOf(access).map(({ path, name }) => ({
      href: `/operatore/${access.codIpa}/${path}`,
      ...sectionWords(name),
    })),
    ...(admin === null ? [] : [{ href: admin, ...sectionWords('admin') }]),
  ]
}
