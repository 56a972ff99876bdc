import { randomUUID } from 'node:crypto'
import { Router, type Request, type Response } from 'express'
import { dueTypesOf, type DueDetail } from '../../db/due/dues.ts'
import type { Actor } from '../../db/journal/event.ts'
import { flowSettings } from '../../db/flow/flow.ts'
import { changeTypedDue, insertTypedDue, type SavedDue } from '../../services/due/save.ts'
import type { FlowDue, FlowSettings } from '../../domain/flow/values.ts'
import { t } from '../../templates/language.ts'
import type { AppDeps } from '../deps.ts'
import type { Problems } from '../form/field-view.ts'
import { typedIn, type Typed } from '../form/read-request.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone, redirectWith } from '../page/flash.ts'
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
  /** The due as it was when the form was opened; by default as it is now. */
  seen?: Seen
  changed?: ReturnType<typeof changedSince>
  status?: number
}

/** The forms in which operators type a new due or change one. Both are checked with the rules for a row of a file. */
export function dueFormPages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get(`${PATH}/nuovo`, (req, res) =>
    show(req, res, { due: undefined, typed: { nazionePagatore: 'IT', flgGeneraIuv: 'true' } }),
  )

  router.post(`${PATH}/nuovo`, async (req, res) => {
    const typed = typedIn(req)
    // The IUD of a typed due begins with 000, because a file may not contain such an IUD.
    const iud = `000${randomUUID().replaceAll('-', '')}`
    await save(req, res, { due: undefined, typed, iud }, (saving) => insertTypedDue(db, saving))
  })

  router.get(`${PATH}/:dueId/modifica`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    // The page of the due shows its state and why it cannot be changed.
    if (due.state !== 'payable') return redirectWith(req, res, `${duesHref(res)}/${due.id}`, { key: 'edit' })
    await show(req, res, { due, typed: typedOf(due) })
  })

  router.post(`${PATH}/:dueId/modifica`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const body = typedIn(req)
    // Columns without a field keep their values. So do the type and an existing IUV, whatever the browser sends.
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
      return due
        ? redirectDone(req, res, `${duesHref(res)}/${due.id}`, 'staff.done.dueChanged')
        : redirectDone(req, res, `${duesHref(res)}?iud=${iud}`, 'staff.done.dueMade')
    // An operator who may no longer use the type of the due gets NOT_FOUND here.
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
        ...operatorFrame(theAccess(res), 'dovuti', ...(due ? [{ text: due.causale, href: back }] : [])),
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
