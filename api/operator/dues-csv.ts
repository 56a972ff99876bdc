import { Router } from 'express'
import type { DueReader, DueRow } from '../../db/due/dues.ts'
import { signatureOf } from '../../db/bulk/act.ts'
import { searchDues, type DueFilter, type DueOrder } from '../../db/due/search.ts'
import { duesCsvFile } from '../../templates/documents/dues-csv.ts'
import { t } from '../../templates/language.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { asCsv } from '../documents/csv.ts'
import { sendStream } from '../documents/send-stream.ts'
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
    const foundBy = await readSearch({ db, config }, reader, values, viewOf(req.query))
    await traceAtEnte(db, res, { what: 'csv', person: personIn(config, values, foundBy) })
    const { enteId, codIpa } = theAccess(res)
    const act = values.operazione === undefined ? undefined : await signatureOf(db, enteId, values.operazione)
    asCsv(res, `dovuti-${codIpa}.csv`)
    const rows = foundRows(reader, foundBy.filter, orderOf(values))
    await sendStream(req, res, duesCsvFile(rows, act))
  })

  /** Reads page by page, so that only the page that is being written is in memory. */
  async function* foundRows(reader: DueReader, filter: DueFilter, order: DueOrder): AsyncGenerator<DueRow> {
    for (let place: string | undefined; ;) {
      const turn = { place, isBack: false, limit: CSV_PAGE }
      const rows = await searchDues(db, reader, filter, { order, turn })
      yield* rows
      if (rows.length < CSV_PAGE) return
      place = rows.at(-1)!.id
    }
  }

  return router
}
