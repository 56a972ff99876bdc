import { Router } from 'express'
import { z } from 'zod'
import { cartOfMail } from '../../db/mail/again.ts'
import { AppError } from '../../domain/errors.ts'
import { theOperator } from '../access/operator.ts'
import type { AppDeps } from '../deps.ts'
import { mustRead } from '../form/read-request.ts'
import { sendMailAgain } from '../page/mail-again.ts'
import { dueHref, DUES_PATH, mustFindDue, theDue } from './due-address.ts'

const Params = z.object({ mailId: z.uuid() })

/** Sends the mail with a receipt of a due again, for an operator who may see everything that its payment holds. */
export function mailAgain(deps: Pick<AppDeps, 'db' | 'processes' | 'log'>): Router {
  const router = Router()

  router.post(`${DUES_PATH}/:dueId/mail/:mailId`, async (req, res) => {
    const due = await mustFindDue(deps.db, req, res)
    const { mailId } = mustRead(Params, req.params)
    const cartId = await cartOfMail(deps.db, mailId)
    // The mail tells of the whole payment, so who may not see all of it has no such mail.
    if (!due.attempts.some((attempt) => attempt.isCartSeen && attempt.cartId === cartId))
      throw new AppError('NOT_FOUND')
    const { entity, id: entityId } = theDue(due)
    const asked = { cartId: cartId!, mailId, by: theOperator(res), of: { entity, entityId } }
    await sendMailAgain(deps, { req, res, href: dueHref(res, due) }, asked)
  })
  return router
}
