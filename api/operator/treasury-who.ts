import { Router, type Request, type Response } from 'express'
import {
  flowsNamedIn,
  knownIuvs,
  payerOfIuv,
  payersOfFlow,
  type NamedFlow,
  type PaidRow,
} from '../../db/treasury/who.ts'
import { formatDay } from '../../domain/calendar.ts'
import { plainText, possibleIuvs, readIds } from '../../domain/treasury/ids.ts'
import { euro, signedEuro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { summaryView } from '../form/field-view.ts'
import { trimmedText, typedIn } from '../form/read-request.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage } from '../page/page.ts'
import { SECTION, treasuryHref } from './treasury-view.ts'

const PATH = `/operatore/:codIpa/${SECTION}/chi-ha-pagato`
const SHOWN = 50
const MOST_LETTERS = 4_000

/** "Chi ha pagato questo bonifico?": the text of a transfer leads to flows and payments. The text comes by a form, so that no address has it. */
export function treasuryWhoPages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get(PATH, (req, res) => show(req, res, { text: '' }))

  router.post(PATH, async (req, res) => {
    const text = trimmedText(typedIn(req), 'testo').slice(0, MOST_LETTERS)
    if (text === '') return show(req, res, { text, error: t('treasury.who.blank') })
    const found = await find(res, text)
    // Payers stand in the page.
    if (found.some(({ rows }) => rows !== null))
      await traceAtEnte(db, res, { what: 'search', detail: 'chi-ha-pagato' })
    show(req, res, { text, found })
  })

  async function find(res: Response, text: string) {
    const { enteId, codIpa } = theAccess(res)
    const flows = await flowsNamedIn(db, enteId, plainText(text))
    const iuvs = await knownIuvs(db, enteId, possibleIuvs(text))
    const read = readIds(text, { flows: flows.map(({ flowId }) => flowId), iuvs })
    const named = flows.filter(({ flowId }) => read.flows.includes(flowId))
    const ofFlows = await Promise.all(
      named.map(async (flow) =>
        flowFound(flow, await payersOfFlow(db, readerOf(res), flow.id, SHOWN), codIpa),
      ),
    )
    const ofIuvs = await Promise.all(
      read.iuvs.map(async (iuv) => paymentFound(iuv, await payerOfIuv(db, readerOf(res), iuv), codIpa)),
    )
    return [...ofFlows, ...ofIuvs]
  }

  function show(
    req: Request,
    res: Response,
    { text, error, found }: { text: string; error?: string; found?: Found[] },
  ): void {
    sendPage(
      res,
      'operator/treasury-who',
      {
        title: t('treasury.who.title'),
        here: t('treasury.who.title'),
        ...operatorFrame(theAccess(res), SECTION),
        csrf: csrfOf(req),
        action: `${treasuryHref(res)}/chi-ha-pagato`,
        text,
        error: error ?? null,
        isAsked: found !== undefined,
        found:
          found === undefined || found.length === 0
            ? null
            : found.map((one, at) => ({ ...one, number: at + 1 })),
        ...summaryView(error === undefined ? {} : { testo: error }),
      },
      error === undefined ? 200 : 422,
    )
  }

  return router
}

type Found = ReturnType<typeof flowFound> | ReturnType<typeof paymentFound>

const flowFound = (flow: NamedFlow, rows: readonly PaidRow[], codIpa: string) => ({
  what: t('treasury.tie.flow'),
  target: flow.flowId,
  href: `/operatore/${codIpa}/rendicontazione/${flow.id}`,
  summary: t('treasury.who.flowSummary', {
    psp: flow.pspName ?? flow.pspId,
    count: wholeNumber(flow.rows),
    amount: signedEuro(flow.cents),
  }),
  rows: rows.length === 0 ? null : rows.map((row) => paidView(row, codIpa)),
  more: flow.rows > rows.length ? t('treasury.who.more', { shown: wholeNumber(rows.length) }) : null,
})

const paymentFound = (iuv: string, rows: readonly PaidRow[], codIpa: string) => ({
  what: t('treasury.tie.payment'),
  target: iuv,
  href: null,
  summary: t('treasury.who.paymentSummary'),
  rows: rows.length === 0 ? null : rows.map((row) => paidView(row, codIpa)),
  more: null,
})

const paidView = ({ iuv, cents, paidOn, dueId, causale, payer, isHidden }: PaidRow, codIpa: string) => ({
  iuv,
  amount: cents === null ? '–' : euro(cents),
  paidOn: paidOn === null ? '–' : formatDay(paidOn),
  payer: isHidden ? t('treasury.who.hidden') : (payer ?? '–'),
  due: dueId === null ? null : { href: `/operatore/${codIpa}/dovuti/${dueId}`, text: causale },
})
