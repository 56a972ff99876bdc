import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { operatorsOf, type GrantedOperator } from '../../db/ente/grants.ts'
import { revokeOperator } from '../../services/ente/revoke-operator.ts'
import { t } from '../../templates/language.ts'
import { operatorCode } from '../../templates/format.ts'
import { mustRead, typedIn } from '../form/read-request.ts'
import type { AppDeps } from '../deps.ts'
import { redirectDone } from '../page/flash.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { authorOf, enteAdminsOnly } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { askConfirm, isConfirmed } from '../form/confirm.ts'
import { enteCrumb, enteHref } from './ente-row.ts'
import { typesText } from './grant-form.ts'

/** The form that removes a person from an ente, after a confirmation. */
export function revokePages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.post('/admin/enti/:codIpa/operatori/:operatorId/togli', enteAdminsOnly, async (req, res) => {
    const operatorId = mustRead(z.uuid(), req.params['operatorId'])
    const { enteId } = theAccess(res)
    const operators = await operatorsOf(db, enteId)
    const person = operators.find(({ id }) => id === operatorId)
    if (person && !isConfirmed(typedIn(req), { confirms: operatorId }))
      return ask(req, res, person, operators)
    await revokeOperator(db, { enteId, operatorId, by: authorOf(res, config) })
    redirectDone(req, res, `${enteHref(res)}/operatori`, 'staff.done.revoked')
  })

  return router
}

function ask(
  req: Request,
  res: Response,
  { id, name, role, dueTypes }: GrantedOperator,
  operators: readonly GrantedOperator[],
): void {
  const isLast = role === 'admin' && operators.filter((one) => one.role === 'admin').length === 1
  const href = `${enteHref(res)}/operatori`
  askConfirm(req, res, {
    title: t('admin.confirm.revoke.title', { name }),
    lead: theAccess(res).enteName,
    facts: [
      { name: t('staff.label.name'), text: `${name} (${operatorCode(id)})` },
      { name: t('staff.label.role'), text: t(`admin.role.${role}`) },
      { name: t('admin.section.dueTypes'), text: typesText(role, dueTypes) },
    ],
    effects: [
      t('admin.confirm.revoke.effect'),
      ...(isLast ? [t('admin.confirm.revoke.last')] : []),
      ...(id === theOperator(res).id ? [t('admin.confirm.revoke.self')] : []),
      t('admin.confirm.revoke.undo'),
    ],
    confirms: id,
    action: `${href}/${id}/togli`,
    button: t('admin.confirm.revoke.button'),
    isDanger: true,
    back: { href, text: t('admin.confirm.revoke.back') },
    frame: adminFrame(res, '/admin/enti', enteCrumb(res), { text: t('admin.section.operators'), href }),
  })
}
