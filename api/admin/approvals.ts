import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { accountOf } from '../../db/ente/account-change.ts'
import { findApproval, type AccountApproval } from '../../db/ente/approval.ts'
import { settleApproval } from '../../db/ente/settle-approval.ts'
import { AppError } from '../../domain/errors.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { actorText } from '../../templates/format.ts'
import { changeRows } from '../../templates/pages/admin/change-words.ts'
import type { AppDeps } from '../deps.ts'
import { t } from '../../templates/language.ts'
import { mustRead, typedIn } from '../form/read-request.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { authorOf, enteAdminsOnly } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { redirectDone } from '../page/flash.ts'
import { askConfirm, isConfirmed } from '../form/confirm.ts'
import { enteCrumb, enteHref } from './ente-row.ts'

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
      if (wanted === 'approved' && !isConfirmed(typedIn(req), { confirms: approval.id }))
        return ask(req, res, approval)
      const ended = await settleApproval(db, { id: approval.id, wanted, by, post: by.post })
      // Somebody else ended the request first, or the account has changed, so the page in the browser is out of date.
      if (ended !== wanted) throw new AppError('STALE_FORM')
      redirectDone(req, res, enteHref(res), `staff.done.account.${wanted}`)
    })

  async function mustFind(req: Request, res: Response): Promise<AccountApproval> {
    const id = mustRead(z.uuid(), req.params['id'])
    const approval = await findApproval(db, id)
    if (!approval || approval.kind !== 'account' || approval.enteId !== theAccess(res).enteId)
      throw new AppError('NOT_FOUND')
    return accountOf(approval)
  }
  return router
}

function ask(req: Request, res: Response, approval: AccountApproval): void {
  const { id, entity, target, from, to, askedBy, askedByName, askedAt } = approval
  const [change] = changeRows({ entity, changes: [{ column: target, from, to }] })
  askConfirm(req, res, {
    title: t('admin.confirm.approve.title'),
    lead: theAccess(res).enteName,
    facts: [
      { name: change!.field, text: `${change!.from} → ${change!.to}` },
      { name: t('admin.waiting.asked'), text: askedText({ askedBy, askedByName, askedAt }) },
    ],
    effects: [t('admin.confirm.approve.effect'), t('admin.confirm.approve.undo')],
    confirms: id,
    action: `${enteHref(res)}/richieste/${id}/approva`,
    button: t('admin.confirm.approve.button'),
    back: { href: enteHref(res), text: t('admin.ente.back') },
    frame: adminFrame(res, '/admin/enti', enteCrumb(res)),
  })
}

const askedText = ({
  askedBy,
  askedByName,
  askedAt,
}: Pick<AccountApproval, 'askedBy' | 'askedByName' | 'askedAt'>): string =>
  `${actorText({ by: askedByName, byId: askedBy })}, ${formatInstant(askedAt)}`

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
    const href = `${enteHref(res)}/richieste/${id}`
    return {
      title: name === undefined ? change!.field : `${name}: ${change!.field}`,
      now: change!.from,
      then: change!.to,
      from: dueAt === null ? null : formatInstant(dueAt),
      asked: askedText({ askedBy, askedByName, askedAt }),
      approveHref: askedBy === theOperator(res).id ? null : `${href}/approva`,
      withdrawHref: `${href}/ritira`,
    }
  })
}
