import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { Router, type Request } from 'express'
import { dueTypesOf, searchDues, type DueFilter, type DueReader } from '../../db/due/dues.ts'
import { t } from '../../templates/language.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { searchedPerson, traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { asCsv, CSV_FORM } from '../documents/csv.ts'
import { readFilters } from '../list/filters.ts'
import { listPage } from '../list/list-page.ts'
import { readId } from '../list/place.ts'
import { sendPage } from '../page/page.ts'
import { DUES_PATH, duesHref } from './due-address.ts'
import { dueFields, dueFilter, DUES_FILTERS, DUES_SPANS, viewOf, type DuesSearch } from './dues-query.ts'
import { CSV_COLUMNS, csvRow, dueRowView } from './dues-view.ts'

const PAGE = 25
const CSV_PAGE = 1_000

/** The dues of an ente: search, list, and the list as CSV. */
export function duesPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(DUES_PATH, async (req, res) => {
    const reader = readerOf(res)
    const href = duesHref(res)
    const vista = viewOf(req.query)
    const { rows, view, status } = await listPage({
      t,
      href,
      query: req.query,
      filters: DUES_FILTERS,
      spans: DUES_SPANS,
      fields: dueFields(vista, await dueTypesOf(db, reader)),
      kept: { vista },
      size: PAGE,
      async find(search, { after, limit }) {
        const person = personIn(search)
        const [found] = await Promise.all([
          searchDues(db, reader, dueFilter(search, vista), { after: readId(after), limit }),
          person === undefined ? undefined : traceAtEnte(db, res, { what: 'search', person }),
        ])
        return found
      },
      placeOf: ({ id }) => id,
      none: t('dues.list.none'),
    })
    sendPage(
      res,
      'operator/dues',
      {
        title: t('dues.list.title'),
        ...operatorFrame(theAccess(res), 'dovuti'),
        ...view,
        newHref: `${href}/nuovo`,
        csvHref: `${href}.csv?${searchOf(req)}`,
        views: [
          { text: t('dues.list.online'), href, isCurrent: vista === 'online' },
          { text: t('dues.list.archive'), href: `${href}?vista=archivio`, isCurrent: vista === 'archivio' },
        ],
        rows: rows.map((row) => dueRowView(row, href)),
        hasSecondary: rows.some((row) => row.hasSecondary),
      },
      status,
    )
  })

  router.get(`${DUES_PATH}.csv`, async (req, res) => {
    const { values, problems } = readFilters(DUES_FILTERS, req.query, { t, spans: DUES_SPANS })
    // The page of the list shows which fields cannot be read.
    if (Object.keys(problems).length > 0) return res.redirect(303, `${duesHref(res)}?${searchOf(req)}`)
    await traceAtEnte(db, res, { what: 'csv', person: personIn(values) })
    asCsv(res, `dovuti-${theAccess(res).codIpa}.csv`)
    const rows = Readable.from(csvRows(readerOf(res), dueFilter(values, viewOf(req.query))))
    await pipeline(rows, stringify({ ...CSV_FORM, columns: [...CSV_COLUMNS] }), res).catch((error: unknown) =>
      req.log.info({ err: error }, 'csv not read to its end'),
    )
  })

  const personIn = ({ debitore = '', ...others }: DuesSearch): string | undefined =>
    searchedPerson(config, {
      person: debitore,
      others: [others.iuv, others.iud, others.causale, others.flusso].map((text) => text ?? ''),
    })

  /** Reads page by page, so that only the page that is being written is in memory. */
  async function* csvRows(reader: DueReader, filter: DueFilter): AsyncGenerator<string[]> {
    for (let after: string | undefined; ;) {
      const rows = await searchDues(db, reader, filter, { after, limit: CSV_PAGE })
      for (const row of rows) yield csvRow(row)
      if (rows.length < CSV_PAGE) return
      after = rows.at(-1)!.id
    }
  }

  return router
}

/** The query of the address without `dopo`, the place where the page begins. */
function searchOf(req: Request): string {
  const search = new URLSearchParams(req.originalUrl.split('?')[1] ?? '')
  search.delete('dopo')
  return search.toString()
}
