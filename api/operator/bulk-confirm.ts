import { randomUUID } from 'node:crypto'
import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { askAct, previewAct } from '../../db/bulk/ask.ts'
import { changedSince } from '../../db/bulk/changed.ts'
import type { DueFilter, DueOrder } from '../../db/due/search.ts'
import { t } from '../../templates/language.ts'
import { bulkSummary } from '../../templates/process-words.ts'
import { readerOf, theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { typedIn } from '../form/read-request.ts'
import { hint } from '../hint.ts'
import { withQuery } from '../list/pages.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { actHref } from './bulk-address.ts'
import { readBrakes } from './brakes.ts'
import type { Changed } from './bulk-changed.ts'
import { confirmView } from './bulk-confirm-view.ts'
import { filterOf, readSelection, type Selection } from './bulk-select.ts'
import { whatIs, whatView } from './bulk-what.ts'
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
  order: DueOrder
}

const braked = ({ selection: { kind, ids } }: Ask, count: number) =>
  ({ kind, from: ids ? 'chosen' : 'all', count }) as const

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
    const seen = { count: data.visti, cents: data.somma, at: data.quando }
    const { why, problems } = readBrakes(typedIn(req), braked(ask, data.visti), data.visti)
    if (Object.keys(problems).length > 0) return showConfirm(req, res, ask, { refusedAt: data.visti })
    const asked = await askAct(db, readerOf(res), {
      kind,
      filter: ask.filter,
      by: theOperator(res),
      why,
      nonce: data.nonce,
      seen,
    })
    if (asked.kind === 'changed') {
      const dues = await changedSince(db, readerOf(res), { kind, filter: ask.filter }, seen.at)
      return showConfirm(req, res, ask, { changed: { seen, preview: asked.preview, dues } })
    }
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
    return { selection, filter: found.filter, order: found.order }
  }

  async function showConfirm(
    req: Request,
    res: Response,
    ask: Ask,
    { refusedAt, changed }: { refusedAt?: number; changed?: Changed } = {},
  ): Promise<void> {
    const { selection, filter } = ask
    const { kind } = selection
    const reader = readerOf(res)
    const typed = typedIn(req)
    const preview = changed?.preview ?? (await previewAct(db, reader, { kind, filter }, undefined))
    const problems =
      refusedAt === undefined ? {} : readBrakes(typed, braked(ask, preview.count), refusedAt).problems
    const { view, status } = confirmView(selection, preview, { typed, problems, changed })
    const what = view.problem === null ? await whatIs(db, reader, selection, ask) : null
    sendPage(
      res,
      'operator/bulk-confirm',
      {
        title: t(`bulk.confirm.title.${kind}`),
        ...operatorFrame(theAccess(res), 'dovuti'),
        ...view,
        what:
          what && whatView(what, selection, { href: duesHref(res), count: preview.count, tab: filter.tab }),
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
