import { Router } from 'express'
import { whyNotAsked } from '../../db/mail/notice-book.ts'
import { sendNotice } from '../../services/due/send-notice.ts'
import { euro } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { maskAddress } from '../access/mask.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone, redirectWith } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { dueHref, DUES_PATH, mustFindDue, theDue } from './due-address.ts'
import { mailRefusal } from './due.ts'

/** Sends the notice of a due by mail after a page has asked for confirmation. */
export function sendNoticePages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.post(`${DUES_PATH}/:dueId/conferma-avviso-email`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const why = await whyNotAsked(db, due.id)
    if (why !== null) return redirectWith(req, res, dueHref(res, due), mailRefusal(why))
    await traceAtEnte(db, res, { what: 'due', of: theDue(due) })
    sendPage(res, 'operator/send-notice', {
      title: t('dues.mail.confirm.title'),
      ...operatorFrame(theAccess(res), 'dovuti', { text: due.causale, href: dueHref(res, due) }),
      causale: due.causale,
      debtor: due.anagrafica,
      importo: euro(due.importoCents),
      effect: t('dues.mail.confirm.effect', { address: maskAddress(due.pagatore.email ?? '') }),
      action: `${dueHref(res, due)}/avviso-email`,
      back: dueHref(res, due),
      csrf: csrfOf(req),
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
