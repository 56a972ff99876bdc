import { Router, type Request, type Response } from 'express'
import { dueTypesOf } from '../../db/due/dues.ts'
import { savedSearches } from '../../db/due/saved-searches.ts'
import { searchDues, sumDues, type DueTotals } from '../../db/due/search.ts'
import { t } from '../../templates/language.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { NOT_SENT, statusOf, summaryView, type Sent, type Typed } from '../form/field-view.ts'
import { listPage, rangeText } from '../list/list-page.ts'
import { withoutPlace, withQuery } from '../list/pages.ts'
import { readId } from '../list/place.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage } from '../page/page.ts'
import { actsHref } from './bulk-address.ts'
import { manyView } from './bulk-many-view.ts'
import { tickedIds } from './bulk-select.ts'
import { DUES_PATH, duesHref } from './due-address.ts'
import { boxParts, dueFields, DUES_FILTERS, DUES_SPANS, orderOf, topFields, viewOf } from './dues-query.ts'
import { personIn, readSearch, type FoundBy } from './dues-search.ts'
import { noneView } from './dues-none.ts'
import { dueRowView, foundView, sheetView, tabsView, totalsView } from './dues-view.ts'
import { savedView } from './saved-view.ts'

const PAGE = 25
/** Up to this number of dues, their number and sum are always exact; above it only on demand, because every one of them is read. */
const MOST_SUMMED = 10_000

/** The dues of an ente: search and list. */
export function duesPages(deps: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()
  router.get(DUES_PATH, (req, res) => showDues(deps, req, res, { query: req.query }))
  return router
}

/**
 * Sends the list of the dues that a search finds. A form of the page that could not be read is shown again with its problems.
 * @param query the search, as an address has it
 * @param saving the form that saves the search
 * @param many the form that asks for an act on many dues
 */
export async function showDues(
  { db, config }: Pick<AppDeps, 'db' | 'config'>,
  req: Request,
  res: Response,
  { query: given, saving = NOT_SENT, many = NOT_SENT }: { query: Typed; saving?: Sent; many?: Sent },
): Promise<void> {
  const reader = readerOf(res)
  const href = duesHref(res)
  const vista = viewOf(given)
  const searches = await savedSearches(db, reader)
  let foundBy: FoundBy | undefined
  const { rows, search, view, status } = await listPage({
    t,
    href,
    query: given,
    filters: DUES_FILTERS,
    spans: DUES_SPANS,
    top: topFields(),
    settings: ['ordine'],
    split: { q: boxParts },
    fields: dueFields(vista, await dueTypesOf(db, reader)),
    kept: { vista },
    size: PAGE,
    readPlace: readId,
    async find(values, turn) {
      foundBy = await readSearch({ db, config }, reader, values, vista)
      const person = personIn(config, values, foundBy)
      const [found] = await Promise.all([
        searchDues(db, reader, foundBy.filter, { order: orderOf(values), turn }),
        person === undefined ? undefined : traceAtEnte(db, res, { what: 'search', person }),
      ])
      return found
    },
    placeOf: ({ id }) => id,
    none: t('dues.list.none'),
  })
  const most = given['conta'] === 'tutto' ? undefined : MOST_SUMMED
  const totals = foundBy && rows.length > 0 ? await sumDues(db, reader, foundBy.filter, most) : undefined
  const query = withoutPlace(given)
  const ticked = new Set(tickedIds(many.typed))
  const none =
    foundBy && rows.length === 0 && view.list.isSearched
      ? await noneView(db, reader, { href, vista, query }, foundBy)
      : undefined
  const problems = { ...search.problems, ...saving.problems, ...many.problems }
  sendPage(
    res,
    'operator/dues',
    {
      title: t('dues.list.title'),
      ...operatorFrame(theAccess(res), 'dovuti'),
      ...view,
      ...summaryView(problems),
      csrf: csrfOf(req),
      list: {
        ...view.list,
        action: href,
        pages: view.list.pages && {
          ...view.list.pages,
          shown: rangeText(t, view.list.pages, exactCount(totals, most)),
        },
        none: none?.text ?? view.list.none,
      },
      tips: none?.tips ?? [],
      saved: savedView({ query: given, href, searches, isSearched: view.list.isSearched }, saving),
      newHref: `${href}/nuovo`,
      csvHref: withQuery(`${href}.csv`, query),
      sheet: sheetView(given, { href, count: totals?.count ?? 0 }),
      views: tabsView(href, vista, search.typed['q']!, foundBy),
      found: foundView(search.typed['q']!, foundBy),
      totals:
        totals && totalsView(totals, { most, exactHref: withQuery(href, { ...query, conta: 'tutto' }) }),
      // The IUDs are what the ente ticks off, when it looks whether all rows of a file are there.
      showsIud: search.typed['flusso'] !== '',
      rows: rows.map((row) => ({
        ...dueRowView(row, href, { foundBy, ticked }),
        iud: search.typed['flusso'] === '' ? null : row.iud,
      })),
      hasSecondary: rows.some((row) => row.hasSecondary),
      many: {
        ...manyView(
          {
            href,
            query: given,
            totals,
            most,
            isArchive: foundBy?.filter.tab === 'closed',
            ticked: ticked.size,
          },
          many,
        ),
        actsHref: actsHref(res),
      },
    },
    Math.max(status, statusOf(problems)),
  )
}

/** The number of dues found, if all of them were counted. */
const exactCount = (totals: DueTotals | undefined, most: number | undefined): number | undefined =>
  totals === undefined || (most !== undefined && totals.count > most) ? undefined : totals.count
