import { Router } from 'express'
import { listMatches, type MatchFilter } from '../../db/reporting/matches.ts'
import { toLookAt } from '../../db/reporting/standing.ts'
import { ROW_CLASSES, type RowClass } from '../../domain/reporting/row-class.ts'
import { classedMatches } from '../../services/reporting/matches-file.ts'
import { oldClassLines } from '../../services/reporting/old-classes-file.ts'
import { matchesCsv } from '../../templates/documents/matches-csv.ts'
import { oldClassesCsv } from '../../templates/documents/old-classes-csv.ts'
import { t } from '../../templates/language.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { asCsv } from '../documents/csv.ts'
import { sendStream } from '../documents/send-stream.ts'
import { amount, day, oneOf, readFilters, word } from '../list/filters.ts'
import { filledIn, listPage } from '../list/list-page.ts'
import { withoutPlace, withQuery } from '../list/pages.ts'
import { readId } from '../list/place.ts'
import { sendPage } from '../page/page.ts'
import { className, lookView, matchRow, reconciliationHref, SECTION } from './match-view.ts'

const PATH = `/operatore/:codIpa/${SECTION}`
const OLD_CLASSES = 'classi.csv'
const PAGE = 25

const FILTERS = {
  classe: oneOf(ROW_CLASSES),
  dal: day,
  al: day,
  min: amount,
  max: amount,
  iuv: word(35),
  denaro: oneOf(['aperto']),
  'prodotto-dal': day,
  'prodotto-al': day,
}
const SPANS = [
  ['dal', 'al'],
  ['min', 'max'],
  ['prodotto-dal', 'prodotto-al'],
] as const

export const classField = {
  id: 'classe',
  label: t('reporting.match.class'),
  options: ROW_CLASSES.map((value) => ({ value, label: className(value) })),
  blank: t('operator.all'),
}

const FIELDS = [
  classField,
  { id: 'dal', label: t('reporting.match.from'), type: 'date' as const, maxLength: 10 },
  { id: 'al', label: t('reporting.match.to'), type: 'date' as const, maxLength: 10 },
  { id: 'min', label: t('reporting.match.min'), maxLength: 20 },
  { id: 'max', label: t('reporting.match.max'), maxLength: 20 },
  { id: 'iuv', label: t('reporting.row.iuv'), maxLength: 35 },
  {
    id: 'denaro',
    label: t('reporting.match.money'),
    options: [{ value: 'aperto', label: t('reporting.match.isOpen') }],
    blank: t('operator.all'),
  },
  { id: 'prodotto-dal', label: t('reporting.filter.producedFrom'), type: 'date' as const, maxLength: 10 },
  { id: 'prodotto-al', label: t('reporting.filter.producedTo'), type: 'date' as const, maxLength: 10 },
]

interface Typed {
  classe: RowClass | undefined
  dal: string | undefined
  al: string | undefined
  min: number | undefined
  max: number | undefined
  iuv: string | undefined
  denaro: 'aperto' | undefined
  'prodotto-dal': string | undefined
  'prodotto-al': string | undefined
}

const filterOf = ({ classe, dal, al, min, max, iuv, denaro, ...produced }: Typed): MatchFilter => ({
  class: classe,
  from: dal,
  to: al,
  minCents: min,
  maxCents: max,
  iuv,
  isOpen: denaro === undefined ? undefined : true,
  producedFrom: produced['prodotto-dal'],
  producedTo: produced['prodotto-al'],
})

const daysOf = ({ dal = '', al = '' }: Readonly<Record<string, string>>): Record<string, string> => ({
  dal,
  al,
})

const DAYS = { dal: day, al: day }

/** Every reported payment of an ente with what it is found to be, and the list as CSV. It names no person. */
export function reconciliationPages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get(`${PATH}.csv`, async (req, res) => {
    const { values, problems } = readFilters(FILTERS, req.query, { t, spans: SPANS })
    // The page of the list shows which fields cannot be read.
    if (Object.keys(problems).length > 0)
      return res.redirect(303, withQuery(reconciliationHref(res), withoutPlace(req.query)))
    await traceAtEnte(db, res, { what: 'csv' })
    asCsv(res, `riconciliazione-${theAccess(res).codIpa}.csv`)
    const rows = classedMatches(db, readerOf(res), filterOf(values))
    await sendStream(req, res, matchesCsv(rows))
  })

  router.get(`${PATH}/${OLD_CLASSES}`, async (req, res) => {
    const { values, problems } = readFilters(DAYS, req.query, { t, spans: [['dal', 'al']] })
    if (Object.keys(problems).length > 0)
      return res.redirect(303, withQuery(reconciliationHref(res), withoutPlace(req.query)))
    await traceAtEnte(db, res, { what: 'csv' })
    asCsv(res, `classi-${theAccess(res).codIpa}.csv`)
    const lines = oldClassLines(db, readerOf(res), { from: values.dal, to: values.al })
    await sendStream(req, res, oldClassesCsv(lines))
  })

  router.get(PATH, async (req, res) => {
    const href = reconciliationHref(res)
    const { rows, search, view, status } = await listPage({
      t,
      href,
      query: req.query,
      filters: FILTERS,
      spans: SPANS,
      fields: FIELDS,
      size: PAGE,
      find: (values, turn) => listMatches(db, readerOf(res), filterOf(values), turn),
      placeOf: ({ id }) => id,
      readPlace: readId,
      none: t('reporting.match.none'),
      empty: t('reporting.match.empty'),
    })
    sendPage(
      res,
      'operator/reconciliation',
      {
        title: t('reporting.match.title'),
        ...operatorFrame(theAccess(res), SECTION),
        ...view,
        oldClassesHref: withQuery(`${href}/${OLD_CLASSES}`, filledIn(daysOf(search.typed))),
        csvHref: withQuery(`${href}.csv`, filledIn(search.typed)),
        // Before the first flow there is nothing to say.
        look: rows.length === 0 ? null : lookView(await toLookAt(db, theAccess(res).enteId), href),
        rows: rows.map((row) => matchRow(row, theAccess(res).codIpa)),
      },
      status,
    )
  })

  return router
}
