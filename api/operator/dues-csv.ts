import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { Router } from 'express'
import type { DueReader } from '../../db/due/dues.ts'
import { searchDues, type DueFilter, type DueOrder } from '../../db/due/search.ts'
import { DUE_COLUMNS } from '../../templates/documents/due-table.ts'
import { csvCells, csvTitles } from '../../templates/documents/table-csv.ts'
import { t } from '../../templates/language.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { asCsv, CSV_FORM } from '../documents/csv.ts'
import { readFilters } from '../list/filters.ts'
import { withoutPlace, withQuery } from '../list/pages.ts'
import { DUES_PATH, duesHref } from './due-address.ts'
import { DUES_FILTERS, DUES_SPANS, orderOf, viewOf } from './dues-query.ts'
import { personIn, readSearch } from './dues-search.ts'

const CSV_PAGE = 1_000

/** The dues that a search finds, as CSV. */
export function duesCsv({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(`${DUES_PATH}.csv`, async (req, res) => {
    const { values, problems } = readFilters(DUES_FILTERS, req.query, { t, spans: DUES_SPANS })
    // The page of the list shows which fields cannot be read.
    if (Object.keys(problems).length > 0)
      return res.redirect(303, withQuery(duesHref(res), withoutPlace(req.query)))
    const reader = readerOf(res)
    const foundBy = await readSearch(db, reader, values, viewOf(req.query))
    await traceAtEnte(db, res, { what: 'csv', person: personIn(config, values, foundBy) })
    const rows = Readable.from(csvRows(reader, foundBy.filter, orderOf(values)))
    const csv = stringify({ ...CSV_FORM, columns: csvTitles(DUE_COLUMNS) })
    await pipeline(rows, csv, asCsv(res, `dovuti-${theAccess(res).codIpa}.csv`)).catch((error: unknown) =>
      req.log.info({ err: error }, 'csv not read to its end'),
    )
  })

  /** Reads page by page, so that only the page that is being written is in memory. */
  async function* csvRows(reader: DueReader, filter: DueFilter, order: DueOrder): AsyncGenerator<string[]> {
    for (let place: string | undefined; ;) {
      const turn = { place, isBack: false, limit: CSV_PAGE }
      const rows = await searchDues(db, reader, filter, { order, turn })
      for (const row of rows) yield csvCells(DUE_COLUMNS, row)
      if (rows.length < CSV_PAGE) return
      place = rows.at(-1)!.id
    }
  }

  return router
}
