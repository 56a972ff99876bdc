import { randomUUID } from 'node:crypto'
import { Router, type Request, type Response } from 'express'
import { extraMoney } from '../../db/anomaly/extra-money.ts'
import { dueEvents, dueMessages } from '../../db/due/dues.ts'
import { t } from '../../templates/language.ts'
import { extraMoneyText } from '../anomaly/words.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { takeFlash } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { dueHref, DUES_PATH, mustFindDue, theDue } from './due-address.ts'
import { dueView, isPrintable } from './due-view.ts'

const SHOWN_MESSAGES = 30

/** The key of the message after "Chiedi ricevuta". All other messages of the page are refusals. */
export const ASKED = 'asked'

/** The page of one due. */
export function duePage({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()
  router.get(`${DUES_PATH}/:dueId`, (req, res, next) => {
    if (req.params.dueId === 'nuovo') return next()
    return showDue(db, req, res, takeFlash(req)?.key)
  })
  return router
}

/**
 * Sends the page of a due.
 * @param news the key of a message: `asked`, or the action that was refused
 */
export async function showDue(db: AppDeps['db'], req: Request, res: Response, news?: string): Promise<void> {
  const due = await mustFindDue(db, req, res)
  const problem =
    news !== undefined && news !== ASKED && due.state !== 'payable'
      ? t(`dues.detail.refused.${news}`, { state: t(`dues.state.${due.state}`) })
      : null
  const [events, messages, extra] = await Promise.all([
    dueEvents(db, due.id),
    due.attempts.length === 0 ? [] : dueMessages(db, due.id, SHOWN_MESSAGES),
    due.attempts.length === 0 ? [] : extraMoney(db, readerOf(res), { dueId: due.id }),
    traceAtEnte(db, res, { what: 'due', of: theDue(due) }),
  ])
  const view = dueView(due, {
    events,
    messages,
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
      extra: extra.map((money) => ({
        text: extraMoneyText(money),
        href: `${view.anomaliesHref}/${money.anomalyId}`,
      })),
      canPrint: isPrintable(due) ? `${dueHref(res, due)}/avviso.pdf` : null,
      problem,
      script: view.notice === null ? null : 'copy.js',
      // When the receipt has arrived, the due is no longer in the state `paying`.
      isAskedInVain: due.state === 'paying' && news === ASKED,
      nonce: randomUUID(),
      csrf: csrfOf(req),
    },
    problem === null ? 200 : 409,
  )
}
