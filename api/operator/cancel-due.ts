import { Router, type Request, type Response } from 'express'
import { cancelDue, type DueDetail } from '../../db/due/dues.ts'
import { t } from '../../templates/language.ts'
import { theOperator } from '../access/operator.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { askConfirm } from '../form/confirm.ts'
import type { Problems } from '../form/field-view.ts'
import { typedIn } from '../form/read-request.ts'
import { sentWhy, whyField } from './brakes.ts'
import { dueHref, DUES_PATH, mustFindDue, theDue } from './due-address.ts'
import { dueQuestion } from './due-question.ts'
import { showDue } from './due.ts'
import { redirectDone } from '../page/flash.ts'

/** Cancels a due after a page has asked for confirmation. */
export function cancelDuePages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.post(`${DUES_PATH}/:dueId/conferma-annulla`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    if (due.state !== 'payable') return showDue(db, req, res, { key: 'cancel' })
    await ask(req, res, due)
  })

  async function ask(req: Request, res: Response, due: DueDetail, problems: Problems = {}): Promise<void> {
    await traceAtEnte(db, res, { what: 'due', of: theDue(due) })
    askConfirm(req, res, {
      page: 'operator/cancel-due',
      title: t('dues.cancel.title'),
      ...dueQuestion(res, due),
      effects: [t('dues.cancel.effect')],
      action: `${dueHref(res, due)}/annulla`,
      fields: [whyField(false, typedIn(req), problems)],
      problems,
      button: t('dues.cancel.confirm'),
      isDanger: true,
    })
  }

  router.post(`${DUES_PATH}/:dueId/annulla`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const { why, problems } = sentWhy(typedIn(req), false)
    if (Object.keys(problems).length > 0 && due.state === 'payable') return ask(req, res, due, problems)
    const outcome = await cancelDue(db, { id: due.id, by: theOperator(res), why })
    if (outcome === 'cancelled' || due.state === 'cancelled')
      return redirectDone(req, res, dueHref(res, due), 'staff.done.dueCancelled')
    return showDue(db, req, res, { key: 'cancel' })
  })
  return router
}
