import { randomUUID } from 'node:crypto'
import { Router, type Request, type Response } from 'express'
import { dueTypesOf, type DueDetail } from '../../db/due/dues.ts'
import type { Actor } from '../../db/journal/event.ts'
import { flowSettings } from '../../db/flow/flow.ts'
import { changeTypedDue, insertTypedDue, type SavedDue } from '../../services/due/save.ts'
import type { FlowDue, FlowSettings } from '../../domain/flow/values.ts'
import { t } from '../../templates/language.ts'
import type { AppDeps } from '../deps.ts'
import type { Problems, Typed } from '../form/field-view.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectWith } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { traceAtEnte } from '../access/trace.ts'
import { readerOf, theAccess, theOperator } from '../access/operator.ts'
import { checkTypedDue, stateProblems } from './due-check.ts'
import { dueFormView, typedOf } from './due-form-view.ts'
import { changedSince, NOTHING_SEEN, seenIn, seenOf, type Seen } from './due-seen.ts'
import { duesHref, mustFindDue, theDue } from './due-address.ts'
import { operatorFrame } from '../access/operator-menu.ts'

const PATH = '/operatore/:codIpa/dovuti'

interface Shown {
  due: DueDetail | undefined
  typed: Typed
  problems?: Problems
  /** The due as the form was opened on it; by default as it is now. */
  seen?: Seen
  changed?: ReturnType<typeof changedSince>
  status?: number
}

/** A due typed by an operator: the checks are those of a file's row. */
export function dueFormPages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get(`${PATH}/nuovo`, (req, res) =>
    show(req, res, { due: undefined, typed: { nazionePagatore: 'IT', flgGeneraIuv: 'true' } }),
  )

  router.post(`${PATH}/nuovo`, async (req, res) => {
    const typed = (req.body ?? {}) as Typed
    // An IUD of ours: it begins as no file may write it.
    const iud = `000${randomUUID().replaceAll('-', '')}`
    await save(req, res, { due: undefined, typed, iud }, (saving) => insertTypedDue(db, saving))
  })

  router.get(`${PATH}/:dueId/modifica`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    // Its page says what it is now.
    if (due.state !== 'payable') return redirectWith(req, res, `${duesHref(res)}/${due.id}`, { key: 'edit' })
    await show(req, res, { due, typed: typedOf(due) })
  })

  router.post(`${PATH}/:dueId/modifica`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const body = (req.body ?? {}) as Typed
    // What the form does not show stays; what cannot be changed is not the browser's to say.
    const typed = { ...typedOf(due), ...body, tipoDovuto: due.dueTypeCode, codIuv: due.iuv ?? body['codIuv'] }
    const seen = seenIn(body)
    await save(req, res, { due, typed, iud: due.iud, seen }, (saving) =>
      changeTypedDue(db, { ...saving, id: due.id, seenAt: seen.at }),
    )
  })

  interface Saving {
    origin: { enteId: string; flowId: null; operatorId: string; by: Actor }
    settings: FlowSettings
    due: FlowDue
  }

  async function save(
    req: Request,
    res: Response,
    {
      due,
      typed,
      iud,
      seen = NOTHING_SEEN,
    }: { due: DueDetail | undefined; typed: Typed; iud: string; seen?: Seen },
    write: (saving: Saving) => Promise<SavedDue>,
  ): Promise<void> {
    const { enteId } = theAccess(res)
    const by = theOperator(res)
    const settings = await flowSettings(db, { enteId })
    const checked = checkTypedDue(typed, { settings, iud, isNew: due === undefined })
    if (checked.kind === 'problems')
      return show(req, res, { due, typed, seen, problems: checked.problems, status: 422 })
    const saved = await write({
      origin: { enteId, flowId: null, operatorId: by.id, by },
      settings,
      due: checked.due,
    })
    if (saved.kind === 'saved')
      return res.redirect(303, due ? `${duesHref(res)}/${due.id}` : `${duesHref(res)}?iud=${iud}`)
    // Its page is not for who lost its type meanwhile.
    const current = due && (await mustFindDue(db, req, res))
    if (saved.kind === 'reject')
      return show(req, res, { due, typed, seen, problems: stateProblems(saved.reason), status: 422 })
    return show(req, res, { due: current, typed, changed: changedSince(seen, current!), status: 409 })
  }

  async function show(
    req: Request,
    res: Response,
    { due, typed, problems = {}, seen = due && seenOf(due), changed, status = 200 }: Shown,
  ): Promise<void> {
    const [dueTypes] = await Promise.all([
      dueTypesOf(db, readerOf(res)),
      due && traceAtEnte(db, res, { what: 'due', of: theDue(due) }),
    ])
    const back = due ? `${duesHref(res)}/${due.id}` : duesHref(res)
    sendPage(
      res,
      'operator/edit-due',
      {
        title: due ? t('dues.form.change') : t('dues.form.new'),
        ...operatorFrame(theAccess(res), 'dovuti'),
        ...dueFormView({ due, typed, problems, dueTypes }),
        isStale: changed !== undefined,
        changed: changed ?? [],
        isPayable: due === undefined || due.state === 'payable',
        action: due ? `${back}/modifica` : `${back}/nuovo`,
        back,
        seenAt: seen?.at ?? '',
        seenValues: JSON.stringify(seen?.values ?? {}),
        csrf: csrfOf(req),
      },
      status,
    )
  }
  return router
}
