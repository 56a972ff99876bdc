import { randomUUID } from 'node:crypto'
import { Router, type Request, type Response } from 'express'
import { extraMoney } from '../../db/anomaly/extra-money.ts'
import { dueEvents, dueMessages, type DueDetail } from '../../db/due/dues.ts'
import { findPaymentState } from '../../db/payment/outcome.ts'
import { readableActs } from '../../db/bulk/act.ts'
import { namedFlows } from '../../db/flow/named.ts'
import { reportedOfDue } from '../../db/reporting/of-payment.ts'
import { noticesOfDue } from '../../db/mail/notice-log.ts'
import type { NotAsked } from '../../db/mail/notice-book.ts'
import { t } from '../../templates/language.ts'
import { extraMoneyText } from '../anomaly/words.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { takeFlash, type Flash } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { NOT_AGAIN } from '../page/mail-again.ts'
import { tellWords } from '../page/tell.ts'
import { dueHref, DUES_PATH, mustFindDue, theDue } from './due-address.ts'
import { actsHref } from './bulk-address.ts'
import { actsIn, flowsIn } from './due-timeline.ts'
import { listHref } from './flow-list-view.ts'
import { dueView, isPrintable, mailsIn } from './due-view.ts'

const SHOWN_MESSAGES = 30

/** The key of the message after "Chiedi ricevuta". All other messages of the page are refusals. */
export const ASKED = 'asked'
/** The key of the message after a notice that could not be sent by mail; its value says why. */
const NOT_MAILED = 'notMailed'

/** The message about a notice that was not sent by mail. */
export const mailRefusal = (why: NotAsked): Flash => ({
  key: NOT_MAILED,
  values: { why: t(why === 'today' ? 'dues.mail.today' : `dues.mail.why.${why}`) },
})

/** The page of one due. */
export function duePage({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()
  router.get(`${DUES_PATH}/:dueId`, (req, res, next) => {
    if (req.params.dueId === 'nuovo') return next()
    return showDue(db, req, res, takeFlash(req))
  })
  return router
}

/**
 * Sends the page of a due.
 * @param news a message: `asked`, or the action that was refused
 */
export async function showDue(db: AppDeps['db'], req: Request, res: Response, news?: Flash): Promise<void> {
  const due = await mustFindDue(db, req, res)
  const problem = problemOf(due, news)
  // What the payment of others says is not told.
  const payment = due.attempts.find(({ hasReceipt }) => hasReceipt) ?? due.attempts[0]
  const toldOf = due.state !== 'cancelled' && payment?.isCartSeen ? payment.cartId : undefined
  const [events, messages, extra, mailed, facts] = await Promise.all([
    dueEvents(db, due.id),
    due.attempts.length === 0 ? [] : dueMessages(db, due.id, SHOWN_MESSAGES),
    due.attempts.length === 0 ? [] : extraMoney(db, readerOf(res), { dueId: due.id }),
    noticesOfDue(db, due.id),
    toldOf === undefined ? undefined : findPaymentState(db, toldOf),
    traceAtEnte(db, res, { what: 'due', of: theDue(due) }),
  ])
  const [flows, acts, reported] = await Promise.all([
    namedFlows(db, readerOf(res), flowsIn(due, events)),
    readableActs(db, readerOf(res), actsIn(events)),
    reportedOfDue(db, { enteId: theAccess(res).enteId, dueId: due.id }),
  ])
  const view = dueView(due, {
    events,
    messages,
    mailed,
    sources: { flows, acts, reported, flowsHref: listHref(res), actsHref: actsHref(res) },
    href: dueHref(res, due),
    codIpa: theAccess(res).codIpa,
    mayOpenFlow: theAccess(res).isAdmin || due.isOwnFlow,
  })
  sendPage(
    res,
    'operator/due',
    {
      title: t('dues.detail.title', { iud: due.iud }),
      here: due.causale,
      ...operatorFrame(theAccess(res), 'dovuti'),
      ...view,
      tell: facts ? tellWords(facts, mailsIn(messages)) : null,
      extra: extra.map((money) => ({
        text: extraMoneyText(money),
        href: `${view.anomaliesHref}/${money.anomalyId}`,
      })),
      canPrint: isPrintable(due) ? `${dueHref(res, due)}/avviso.pdf` : null,
      problem,
      script: view.notice === null ? null : 'copy.js',
      // When the receipt has arrived, the due is no longer in the state `paying`.
      isAskedInVain: due.state === 'paying' && news?.key === ASKED,
      nonce: randomUUID(),
      csrf: csrfOf(req),
    },
    problem === null ? 200 : 409,
  )
}

function problemOf({ state }: DueDetail, news: Flash | undefined): string | null {
  if (news?.key === NOT_AGAIN) return String(news.values?.['why'])
  if (news?.key === NOT_MAILED) return t('dues.mail.refused', news.values)
  if (news === undefined || news.key === ASKED || state === 'payable') return null
  return t(`dues.detail.refused.${news.key}`, { state: t(`dues.state.${state}`) })
}
