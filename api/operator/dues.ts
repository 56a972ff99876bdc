import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import { stringify } from 'csv-stringify'
import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import {
  cancelDue,
  dueEvents,
  dueMessages,
  findDue,
  searchDues,
  dueTypesOf,
  type DueDetail,
  type DueFilter,
  type DueReader,
} from '../../db/due/dues.ts'
import { findNoticeDocuments } from '../../db/due/notice-document.ts'
import { findReceipt } from '../../db/payment/receipt.ts'
import { AppError, isAppError } from '../../domain/errors.ts'
import { cents, formatEuro } from '../../domain/money.ts'
import { drawNotice } from '../../templates/documents/notice-document.ts'
import { t } from '../../templates/language.ts'
import { nextHref } from '../list/query.ts'
import { noticeFileName } from '../documents/notice.ts'
import { sendReceiptPdf } from '../documents/receipt.ts'
import { now, type AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectWith, takeFlash } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { searchedPerson, traceAtEnte } from '../access/trace.ts'
import { readerOf, theAccess, theOperator } from '../access/operator.ts'
import { CSV_COLUMNS, csvRow, dueListView, dueView, isPrintable } from './due-view.ts'
import { dueFilter, DuesQuery } from './dues-query.ts'
import { operatorFrame } from '../access/operator-menu.ts'

const PATH = '/operatore/:codIpa/dovuti'
const PAGE = 25
const CSV_PAGE = 1_000
const ASK_DEADLINE_MS = 8_000
const SHOWN_MESSAGES = 30
const SETTLE_MS = 2_000
const SETTLE_STEP_MS = 50
/** A receipt was asked for; the other things that a due is told are refusals. */
const ASKED = 'asked'

/** A due as the register of accesses names it. */
export const theDue = ({ id }: { id: string }) => ({ entity: 'due', id }) as const

export const duesHref = (res: Response): string => `/operatore/${theAccess(res).codIpa}/dovuti`

const Params = z.object({ dueId: z.uuid() })
const AskForm = z.object({ nonce: z.uuid() })

/** A due of this ente, of a type this operator may see. */
export async function mustFindDue(db: AppDeps['db'], req: Request, res: Response): Promise<DueDetail> {
  const { data } = Params.safeParse(req.params)
  const due = data && (await findDue(db, readerOf(res), data.dueId))
  if (!due) throw new AppError('NOT_FOUND')
  return due
}

/** Dues of an ente: search, one of them, what may be done with it. */
export function duesPages({ db, processes, config }: AppDeps): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const query = DuesQuery.parse(req.query)
    const reader = readerOf(res)
    const person = personIn(query)
    const [rows, dueTypes] = await Promise.all([
      searchDues(db, reader, dueFilter(query), { after: query.dopo, limit: PAGE + 1 }),
      dueTypesOf(db, reader),
      person === undefined ? undefined : traceAtEnte(db, res, { what: 'search', person }),
    ])
    const shown = rows.slice(0, PAGE)
    sendPage(res, 'operator/dues', {
      title: t('dues.list.title'),
      ...operatorFrame(theAccess(res), 'dovuti'),
      ...dueListView(query, shown, { dueTypes, href: duesHref(res), search: searchOf(req) }),
      next: rows.length > PAGE ? nextHref(duesHref(res), req.query, shown.at(-1)!.id) : null,
    })
  })

  router.get(`${PATH}.csv`, async (req, res) => {
    const query = DuesQuery.parse(req.query)
    const filter = dueFilter(query)
    await traceAtEnte(db, res, { what: 'csv', person: personIn(query) })
    res.set({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="dovuti-${theAccess(res).codIpa}.csv"`,
      'cache-control': 'no-store',
    })
    const rows = Readable.from(csvRows(readerOf(res), filter))
    // For people, who open it in a spreadsheet: nothing in it may act as a formula.
    const options = { delimiter: ';', record_delimiter: 'windows', bom: true, escape_formulas: true } as const
    await pipeline(rows, stringify({ ...options, header: true, columns: [...CSV_COLUMNS] }), res).catch(
      (error: unknown) => req.log.info({ err: error }, 'csv not read to its end'),
    )
  })

  router.get(`${PATH}/:dueId`, (req, res, next) => {
    if (req.params.dueId === 'nuovo') return next()
    return showDue(req, res, takeFlash(req)?.key)
  })

  router.post(`${PATH}/:dueId/conferma-annulla`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    if (due.state !== 'payable') return showDue(req, res, 'cancel')
    await traceAtEnte(db, res, { what: 'due', of: theDue(due) })
    sendPage(res, 'operator/cancel-due', {
      title: t('dues.cancel.title'),
      ...operatorFrame(theAccess(res), 'dovuti'),
      causale: due.causale,
      debtor: due.anagrafica,
      importo: formatEuro(cents(due.importoCents)),
      action: `${hrefOf(res, due)}/annulla`,
      back: hrefOf(res, due),
      csrf: csrfOf(req),
    })
  })

  router.post(`${PATH}/:dueId/annulla`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const outcome = await cancelDue(db, { id: due.id, by: theOperator(res) })
    if (outcome === 'cancelled' || due.state === 'cancelled') return res.redirect(303, hrefOf(res, due))
    return showDue(req, res, 'cancel')
  })

  router.post(`${PATH}/:dueId/chiedi-ricevuta`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const [attempt] = due.attempts
    if (due.state !== 'paying' || !attempt) return res.redirect(303, hrefOf(res, due))
    const { nonce } = AskForm.parse(req.body)
    const { cartId } = attempt
    try {
      const { unhandled } = await processes.askOutcome(cartId, { nonce, deadlineMs: ASK_DEADLINE_MS })
      if (unhandled > 0) await settled(() => mustFindDue(db, req, res))
    } catch (error) {
      // An answer that is late changes nothing: the process goes on asking by itself.
      if (!isAppError(error, 'PAYMENTS_PAUSED')) throw error
      req.log.warn({ err: error, cartId }, 'receipt asked for, no answer in time')
    }
    redirectWith(req, res, hrefOf(res, due), { key: ASKED })
  })

  router.get(`${PATH}/:dueId/avviso.pdf`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const [notice] = await findNoticeDocuments(db, [due.id])
    if (!notice) throw new AppError('NOT_FOUND')
    if (!notice.isPrintable) throw new AppError('NOTICE_NOT_PRINTABLE')
    await traceAtEnte(db, res, { what: 'notice', of: theDue(due) })
    const pdf = await drawNotice(notice, { ...config, printedAt: now(config) })
    const disposition = `inline; filename="${noticeFileName(notice)}"`
    res
      .set({ 'cache-control': 'no-store', 'content-disposition': disposition })
      .type('application/pdf')
      .send(pdf)
  })

  router.get(`${PATH}/:dueId/ricevute/:receiptId.pdf`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const attempt = due.attempts.find(
      ({ receiptId, hasReceipt }) => receiptId === req.params.receiptId && hasReceipt,
    )
    if (!attempt) throw new AppError('NOT_FOUND')
    const receipt = await findReceipt(db, attempt.receiptId!)
    if (!receipt) throw new AppError('NOT_FOUND')
    await traceAtEnte(db, res, { what: 'receipt', of: theDue(due) })
    await sendReceiptPdf(res, receipt, config)
  })

  const personIn = ({ debitore, iuv, iud, causale, flusso }: DuesQuery): string | undefined =>
    searchedPerson(config, { person: debitore, others: [iuv, iud, causale, flusso] })

  async function showDue(req: Request, res: Response, told?: string): Promise<void> {
    const due = await mustFindDue(db, req, res)
    const problem =
      told !== undefined && told !== ASKED && due.state !== 'payable'
        ? t(`dues.detail.refused.${told}`, { state: t(`dues.state.${due.state}`) })
        : null
    const [events, messages] = await Promise.all([
      dueEvents(db, due.id),
      due.attempts.length === 0 ? [] : dueMessages(db, due.id, SHOWN_MESSAGES),
      traceAtEnte(db, res, { what: 'due', of: theDue(due) }),
    ])
    const view = dueView(due, {
      events,
      messages,
      href: hrefOf(res, due),
      listHref: duesHref(res),
      codIpa: theAccess(res).codIpa,
      mayOpenFlow: theAccess(res).isAdmin || due.isOwnFlow,
    })
    sendPage(
      res,
      'operator/due',
      {
        title: t('dues.detail.title', { iud: due.iud }),
        ...operatorFrame(theAccess(res), 'dovuti'),
        ...view,
        canPrint: isPrintable(due) ? `${hrefOf(res, due)}/avviso.pdf` : null,
        problem,
        // What was asked for came, or is still waited for: the state says which.
        isAskedInVain: due.state === 'paying' && told === ASKED,
        nonce: randomUUID(),
        csrf: csrfOf(req),
      },
      problem === null ? 200 : 409,
    )
  }

  /** Page by page: nothing is in memory but the page that is being written. */
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

/** The receipt is here and its process writes what it says: the page waits a moment, and never longer. */
async function settled(read: () => Promise<DueDetail>): Promise<void> {
  const until = Date.now() + SETTLE_MS
  while ((await read()).state === 'paying' && Date.now() < until) await setTimeout(SETTLE_STEP_MS)
}

const hrefOf = (res: Response, { id }: { id: string }): string => `${duesHref(res)}/${id}`

/** The search of an address, without where its page begins. */
function searchOf(req: Request): string {
  const search = new URLSearchParams(req.originalUrl.split('?')[1] ?? '')
  search.delete('dopo')
  return search.toString()
}
