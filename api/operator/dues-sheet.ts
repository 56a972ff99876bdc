import { Router } from 'express'
import { sumDues } from '../../db/due/search.ts'
import { bookDuesSheet } from '../../db/export/dues-sheet.ts'
import { MOST_SHEET_ROWS } from '../../templates/documents/workbook.ts'
import { t } from '../../templates/language.ts'
import { exportSummary } from '../../templates/process-words.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { typedIn } from '../form/read-request.ts'
import { hint } from '../hint.ts'
import { readFilters } from '../list/filters.ts'
import { withQuery } from '../list/pages.ts'
import { redirectDone } from '../page/flash.ts'
import { DUES_PATH, duesHref } from './due-address.ts'
import { DUES_FILTERS, DUES_SPANS, orderOf, sentSearch, viewOf } from './dues-query.ts'
import { personIn, readSearch } from './dues-search.ts'

/** Books a workbook of the dues that a search finds. It is written by the process of files, because a workbook is in memory as a whole. */
export function duesSheet({ db, config, processes }: AppDeps): Router {
  const router = Router()

  router.post(`${DUES_PATH}/foglio`, async (req, res) => {
    const query = sentSearch(typedIn(req))
    const { values, problems } = readFilters(DUES_FILTERS, query, { t, spans: DUES_SPANS })
    const list = withQuery(duesHref(res), query)
    // The page of the list shows which fields cannot be read.
    if (Object.keys(problems).length > 0) return res.redirect(303, list)
    const reader = readerOf(res)
    const foundBy = await readSearch({ db, config }, reader, values, viewOf(query))
    const { count } = await sumDues(db, reader, foundBy.filter, MOST_SHEET_ROWS)
    // The page of the list says beside its link to the CSV why there is no workbook.
    if (count > MOST_SHEET_ROWS) return res.redirect(303, list)
    const { enteId, enteName, codIpa } = theAccess(res)
    const search = { filter: foundBy.filter, order: orderOf(values) }
    const exportId = await bookDuesSheet(db, { enteId, operatorId: reader.operatorId, search })
    const person = personIn(config, values, foundBy)
    if (person !== undefined)
      await traceAtEnte(db, res, { what: 'search', of: { entity: 'export', id: exportId }, person })
    const summary = exportSummary({ enteName })
    await hint(req.log, { exportId }, () => processes.wakeExport({ exportId, enteId, summary }))
    redirectDone(req, res, `/operatore/${codIpa}/esportazioni`, 'staff.done.sheetBooked')
  })

  return router
}
