import { Router } from 'express'
import { cancelDue } from '../../db/due/dues.ts'
import { cents, formatEuro } from '../../domain/money.ts'
import { t } from '../../templates/language.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage } from '../page/page.ts'
import { dueHref, DUES_PATH, mustFindDue, theDue } from './due-address.ts'
import { showDue } from './due.ts'
import { redirectDone } from '../page/flash.ts'

/** Cancels a due after a page has asked for confirmation. */
export function cancelDuePages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.post(`${DUES_PATH}/:dueId/conferma-annulla`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    if (due.state !== 'payable') return showDue(db, req, res, { key: 'cancel' })
    await traceAtEnte(db, res, { what: 'due', of: theDue(due) })
    sendPage(res, 'operator/cancel-due', {
      title: t('dues.cancel.title'),
      ...operatorFrame(theAccess(res), 'dovuti', { text: due.causale, href: dueHref(res, due) }),
      causale: due.causale,
      debtor: due.anagrafica,
      importo: formatEuro(cents(due.importoCents)),
      action: `${dueHref(res, due)}/annulla`,
      back: dueHref(res, due),
      csrf: csrfOf(req),
    })
  })

  router.post(`${DUES_PATH}/:dueId/annulla`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const outcome = await cancelDue(db, { id: due.id, by: theOperator(res) })
    if (outcome === 'cancelled' || due.state === 'cancelled')
      return redirectDone(req, res, dueHref(res, due), 'staff.done.dueCancelled')
    return showDue(db, req, res, { key: 'cancel' })
  })
  return router
}
