import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { enteForReadiness, readinessOf } from '../../db/ente/configuration.ts'
import { isForward, missingFor, readinessSteps } from '../../domain/ente/readiness.ts'
import { AppError } from '../../domain/errors.ts'
import { ENTE_MOVES, type EnteState } from '../../domain/states.ts'
import { isOneOf, keysOf } from '../../domain/table.ts'
import { moveEnte } from '../../services/ente/go-live.ts'
import { t } from '../../templates/language.ts'
import { typedIn } from '../form/read-request.ts'
import type { AppDeps } from '../deps.ts'
import { redirectDone } from '../page/flash.ts'
import { theAccess } from '../access/operator.ts'
import { authorOf, platformOnly } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { askConfirm, isConfirmed } from '../form/confirm.ts'
import { enteCrumb, enteHref, mustFindEnte } from './ente-row.ts'

const State = z.enum(keysOf(ENTE_MOVES))

/** The form that moves an ente towards collecting, or a step back. Every move is confirmed, because citizens see its effect at once. */
export function enteStatePages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.post('/admin/enti/:codIpa/stato', platformOnly, async (req, res) => {
    const row = await mustFindEnte(db, res)
    const body = typedIn(req)
    const to = State.parse(body['stato'])
    const from = State.parse(row['state'])
    if (!isOneOf<EnteState>(ENTE_MOVES[from], to)) throw new AppError('STALE_FORM')
    await mustBeReady(row.id, from, to)
    const confirms = `${from} ${to}`
    if (!isConfirmed(body, { confirms })) return ask(req, res, { from, to, confirms })
    await moveEnte(db, { id: row.id, to, by: authorOf(res, config) })
    redirectDone(req, res, enteHref(res), 'staff.done.enteMoved', { state: t(`admin.state.${to}`) })
  })

  /** @throws FORM_INVALID when steps are missing; the page offers no button then */
  async function mustBeReady(id: string, from: EnteState, to: EnteState): Promise<void> {
    if (!isForward(from, to)) return
    const [ente, found] = await Promise.all([enteForReadiness(db, id), readinessOf(db, id)])
    if (missingFor(readinessSteps(ente!, found), to).length > 0) throw new AppError('FORM_INVALID')
  }
  return router
}

interface Move {
  from: EnteState
  to: EnteState
  confirms: string
}

function ask(req: Request, res: Response, { from, to, confirms }: Move): void {
  const direction = isForward(from, to) ? 'forward' : 'back'
  askConfirm(req, res, {
    title: t('admin.confirm.move.title', { text: t(`admin.move.${to}`) }),
    lead: theAccess(res).enteName,
    facts: [
      {
        name: t('staff.label.state'),
        text: `${t(`admin.state.${from}`)} → ${t(`admin.state.${to}`)}`,
      },
    ],
    effects: [
      t(`admin.confirm.move.${direction}.${to}`),
      t(direction === 'forward' ? 'admin.confirm.move.undoForward' : 'admin.confirm.move.undoBack'),
    ],
    confirms,
    action: `${enteHref(res)}/stato`,
    typed: { stato: to },
    button: t(`admin.move.${to}`),
    isDanger: direction === 'back',
    back: { href: enteHref(res), text: t('admin.ente.back') },
    frame: adminFrame(res, '/admin/enti', enteCrumb(res)),
  })
}
