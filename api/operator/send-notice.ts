import { Router } from 'express'
import { whyNotAsked } from '../../db/mail/notice-book.ts'
import { sendNotice } from '../../services/due/send-notice.ts'
import { t } from '../../templates/language.ts'
import { maskAddress } from '../access/mask.ts'
import { theOperator } from '../access/operator.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { askConfirm } from '../form/confirm.ts'
import { redirectDone, redirectWith } from '../page/flash.ts'
import { dueHref, DUES_PATH, mustFindDue, theDue } from './due-address.ts'
import { dueQuestion } from './due-question.ts'
import { mailRefusal } from './due.ts'

/** Sends the notice of a due by mail after a page has asked for confirmation. */
export function sendNoticePages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.post(`${DUES_PATH}/:dueId/conferma-avviso-email`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const why = await whyNotAsked(db, due.id)
    if (why !== null) return redirectWith(req, res, dueHref(res, due), mailRefusal(why))
    await traceAtEnte(db, res, { what: 'due', of: theDue(due) })
    askConfirm(req, res, {
      page: 'operator/send-notice',
      title: t('dues.mail.confirm.title'),
      ...dueQuestion(res, due),
      effects: [t('dues.mail.confirm.effect', { address: maskAddress(due.pagatore.email ?? '') })],
      action: `${dueHref(res, due)}/avviso-email`,
      button: t('dues.mail.confirm.send'),
    })
  })

  router.post(`${DUES_PATH}/:dueId/avviso-email`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const asked = await sendNotice(db, { dueId: due.id, by: theOperator(res) })
    if (asked === 'booked') return redirectDone(req, res, dueHref(res, due), 'staff.done.noticeMailed')
    redirectWith(req, res, dueHref(res, due), mailRefusal(asked))
  })
  return router
}
