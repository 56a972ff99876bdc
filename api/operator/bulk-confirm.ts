import { randomUUID } from 'node:crypto'
import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { askAct, previewAct, type Preview } from '../../db/bulk/ask.ts'
import type { DueFilter } from '../../db/due/search.ts'
import { mustTypeNumber, typedNumber } from '../../domain/bulk/acts.ts'
import { t } from '../../templates/language.ts'
import { bulkSummary } from '../../templates/process-words.ts'
import { readerOf, theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { trimmedText, typedIn } from '../form/read-request.ts'
import { hint } from '../hint.ts'
import { withQuery } from '../list/pages.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { actHref } from './bulk-address.ts'
import { confirmView } from './bulk-confirm-view.ts'
import { filterOf, readSelection, type Selection } from './bulk-select.ts'
import { DUES_PATH, duesHref } from './due-address.ts'
import { sentQuery } from './dues-query.ts'
import { showDues } from './dues.ts'

/** What the page of confirmation showed, which its form carries. */
const Seen = z.object({
  nonce: z.uuid(),
  visti: z.coerce.number().int().nonnegative().max(10_000_000),
  somma: z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  // An instant of our time: the database knows no year 0.
  quando: z.iso.datetime().startsWith('20'),
})

interface Ask {
  selection: Selection
  filter: DueFilter
}

/** Asks for an act on many dues: the page that says what it would do, and the form that confirms it. */
export function bulkConfirmPages(deps: AppDeps): Router {
  const { db, processes } = deps
  const router = Router()

  router.post(`${DUES_PATH}/molti/conferma`, async (req, res) => {
    const ask = await readAsk(req, res)
    if (ask) await showConfirm(req, res, ask)
  })

  router.post(`${DUES_PATH}/molti`, async (req, res) => {
    const ask = await readAsk(req, res)
    if (!ask) return
    const { success, data } = Seen.safeParse(typedIn(req))
    if (!success) return showConfirm(req, res, ask)
    const { kind } = ask.selection
    const typed = trimmedText(typedIn(req), 'numero')
    if (mustTypeNumber(kind, data.visti) && typedNumber(typed) !== data.visti)
      return showConfirm(req, res, ask, { isNumberWrong: true })
    const asked = await askAct(db, readerOf(res), {
      kind,
      filter: ask.filter,
      by: theOperator(res),
      nonce: data.nonce,
      seen: { count: data.visti, cents: data.somma, at: data.quando },
    })
    if (asked.kind === 'changed') return showConfirm(req, res, ask, { changed: asked.preview })
    const { enteId, enteName } = theAccess(res)
    const summary = bulkSummary({ kind, rows: data.visti }, enteName)
    await hint(req.log, { actId: asked.id }, () =>
      processes.wakeBulkAct({ actId: asked.id, enteId, summary }),
    )
    redirectDone(req, res, actHref(res, asked), 'staff.done.bulkAsked')
  })

  /** Reads what is asked; undefined when the answer is sent already, because something of it cannot be read. */
  async function readAsk(req: Request, res: Response): Promise<Ask | undefined> {
    const typed = typedIn(req)
    const read = readSelection(typed)
    if ('problems' in read) {
      await showDues(deps, req, res, { query: sentQuery(typed), many: { typed, problems: read.problems } })
      return undefined
    }
    const { selection } = read
    const found = await filterOf(deps, readerOf(res), selection)
    // The page of the list shows which fields cannot be read.
    if (!found) {
      res.redirect(303, withQuery(duesHref(res), selection.query))
      return undefined
    }
    if (found.person !== undefined) await traceAtEnte(db, res, { what: 'search', person: found.person })
    return { selection, filter: found.filter }
  }

  async function showConfirm(
    req: Request,
    res: Response,
    { selection, filter }: Ask,
    { isNumberWrong = false, changed }: { isNumberWrong?: boolean; changed?: Preview } = {},
  ): Promise<void> {
    const { kind } = selection
    const preview = changed ?? (await previewAct(db, readerOf(res), { kind, filter }, undefined))
    const typed = typedIn(req)
    const { view, status } = confirmView(selection, preview, {
      number: trimmedText(typed, 'numero'),
      isNumberWrong,
      hasChanged: changed !== undefined,
    })
    sendPage(
      res,
      'operator/bulk-confirm',
      {
        title: t(`bulk.confirm.title.${kind}`),
        ...operatorFrame(theAccess(res), 'dovuti'),
        ...view,
        // After a mistake the form is the same click, so the number of the first one stays.
        nonce: z.uuid().safeParse(typed['nonce']).data ?? randomUUID(),
        action: `${duesHref(res)}/molti`,
        back: withQuery(duesHref(res), selection.query),
        csrf: csrfOf(req),
      },
      status,
    )
  }

  return router
}
