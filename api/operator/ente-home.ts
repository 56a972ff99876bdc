import { stringify } from 'csv-stringify/sync'
import { Router, type Request, type Response } from 'express'
import type { Knex } from 'knex'
import { countAnomalies, OPEN_ANOMALIES } from '../../db/anomaly/anomalies.ts'
import { paidDays, typeFigures, underWay, type TypeFigures } from '../../db/figures/ente.ts'
import { t } from '../../templates/language.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { adminHref, operatorFrame, sectionsOf, sectionWords } from '../access/operator-menu.ts'
import { CSV_FORM } from '../../templates/documents/csv-form.ts'
import { asCsv } from '../documents/csv.ts'
import { fieldView, statusOf, summaryView } from '../form/field-view.ts'
import { oneOf, readFilters } from '../list/filters.ts'
import { sendPage } from '../page/page.ts'
import { chartView, countsView, firstSteps, typesCsv, typesView, type HomeFacts } from './home-view.ts'

const PATH = '/operatore/:codIpa'

/** The first page of an ente: its figures, and what to do first while it has no dues. */
export function enteHome(db: Knex): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const access = theAccess(res)
    const reader = readerOf(res)
    const [types, under, anomalies] = await Promise.all([
      typeFigures(db, reader),
      underWay(db, reader),
      reader.isAdmin ? countAnomalies(db, reader, OPEN_ANOMALIES) : null,
    ])
    const filter = readType(req, types)
    const days = await paidDays(db, reader, filter.values.tipo)
    const facts: HomeFacts = { types, days, underWay: under, anomalies }
    sendPage(
      res,
      'operator/ente',
      {
        title: access.enteName,
        enteName: access.enteName,
        ...operatorFrame(access),
        ...summaryView(filter.problems),
        figures: under.hasDues ? figuresView(res, facts, filter) : null,
        steps: under.hasDues ? [] : firstSteps(access, types),
        cards: cardsOf(res),
      },
      statusOf(filter.problems),
    )
  })

  router.get(`${PATH}/numeri.csv`, async (_req, res) => {
    const { columns, rows } = typesCsv(await typeFigures(db, readerOf(res)))
    asCsv(res, `numeri-${theAccess(res).codIpa}.csv`).send(stringify(rows, { ...CSV_FORM, columns }))
  })
  return router
}

const readType = (req: Request, types: readonly TypeFigures[]) =>
  readFilters({ tipo: oneOf(types.map(({ code }) => code)) }, req.query, { t })

function figuresView(
  res: Response,
  facts: HomeFacts,
  { typed, problems }: Pick<ReturnType<typeof readType>, 'typed' | 'problems'>,
) {
  const access = theAccess(res)
  const { types, days } = facts
  const field = {
    id: 'tipo',
    label: t('figures.chart.filter'),
    required: true,
    options: types.map(({ code, name }) => ({ value: code, label: name })),
    blank: t('operator.all'),
  }
  return {
    counts: countsView(access, facts),
    field: fieldView(field, typed, problems),
    chart: chartView(days),
    table: typesView(access, facts),
    csvHref: `/operatore/${access.codIpa}/numeri.csv`,
  }
}

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
