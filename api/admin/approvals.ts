import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { findApproval, type AccountApproval, type Approval } from '../../db/ente/approval.ts'
import { settleApproval } from '../../db/ente/settle-approval.ts'
import { AppError } from '../../domain/errors.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { actorText } from '../../templates/format.ts'
import { changeRows } from '../../templates/pages/admin/change-words.ts'
import type { AppDeps } from '../deps.ts'
import { mustRead } from '../form/read-request.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { authorOf, enteAdminsOnly } from '../access/region.ts'
import { redirectDone } from '../page/flash.ts'

const PATH = '/admin/enti/:codIpa/richieste/:id'

/**
 * The changes of an ente that wait for a second person. An administrator other than the requester approves them, any administrator
 * withdraws them.
 */
export function approvalPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  for (const [path, wanted] of [
    ['approva', 'approved'],
    ['ritira', 'withdrawn'],
  ] as const)
    router.post(`${PATH}/${path}`, enteAdminsOnly, async (req, res) => {
      const approval = await mustFind(req, res)
      const by = authorOf(res, config)
      if (wanted === 'approved' && approval.askedBy === by.id) throw new AppError('FORBIDDEN')
      const ended = await settleApproval(db, { id: approval.id, wanted, by, post: by.post })
      // Somebody else ended the request first, or the account has changed, so the page in the browser is out of date.
      if (ended !== wanted) throw new AppError('STALE_FORM')
      redirectDone(req, res, `/admin/enti/${theAccess(res).codIpa}`, `staff.done.account.${wanted}`)
    })

  async function mustFind(req: Request, res: Response): Promise<Approval> {
    const id = mustRead(z.uuid(), req.params['id'])
    const approval = await findApproval(db, id)
    if (!approval || approval.kind !== 'account' || approval.enteId !== theAccess(res).enteId)
      throw new AppError('NOT_FOUND')
    return approval
  }
  return router
}

/**
 * The values of templates/partials/waiting.hbs.
 * @param names by id, the names of changed rows; a row without a name here is the one that the page is about
 */
export function waitingView(
  res: Response,
  approvals: readonly AccountApproval[],
  names: ReadonlyMap<string, string> = new Map(),
) {
  return approvals.map((approval) => {
    const { id, entity, entityId, target, from, to, askedBy, askedByName, askedAt, dueAt } = approval
    const [change] = changeRows({ entity, changes: [{ column: target, from, to }] })
    const name = names.get(entityId)
    const href = `/admin/enti/${theAccess(res).codIpa}/richieste/${id}`
    return {
      title: name === undefined ? change!.field : `${name}: ${change!.field}`,
      now: change!.from,
      then: change!.to,
      from: dueAt === null ? null : formatInstant(dueAt),
      asked: `${actorText({ by: askedByName, byId: askedBy })}, ${formatInstant(askedAt)}`,
      approveHref: askedBy === theOperator(res).id ? null : `${href}/approva`,
      withdrawHref: `${href}/ritira`,
    }
  })
}
