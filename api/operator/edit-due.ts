import { Router, type Request, type Response } from 'express'
import type { DueDetail } from '../../db/due/dues.ts'
import { hasGivenNotice } from '../../db/due/given-notice.ts'
import { formDueType } from '../../db/due/form-type.ts'
import { flowSettings } from '../../db/flow/flow.ts'
import { romeDay } from '../../domain/calendar.ts'
import type { FlowDue } from '../../domain/flow/values.ts'
import { addressLine, euro } from '../../templates/format.ts'
import { textOf } from '../../domain/form/check.ts'
import { changeTypedDue } from '../../services/due/save.ts'
import { t } from '../../templates/language.ts'
import { readerOf, theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { traceAtEnte } from '../access/trace.ts'
import { now, type AppDeps } from '../deps.ts'
import { wantsToCorrect } from '../form/confirm.ts'
import type { Problems } from '../form/field-view.ts'
import { trimmedText, typedIn, type Typed } from '../form/read-request.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone, redirectWith } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { afterRowButton } from './bilancio-rows.ts'
import { dueHref, DUES_PATH, duesHref, mustFindDue, theDue } from './due-address.ts'
import { checkTypedDue, stateProblems } from './due-check.ts'
import { dueFormView } from './due-form-view.ts'
import { changedSince, seenIn, seenOf, type Seen } from './due-seen.ts'
import { typedOf } from './due-values.ts'
import { asksPastDay } from './past-day.ts'

const PATH = `${DUES_PATH}/:dueId/modifica`

interface Shown {
  due: DueDetail
  typed: Typed
  problems?: Problems
  /** The due as it was when the form was opened; by default as it is now. */
  seen?: Seen
  changed?: ReturnType<typeof changedSince>
  status?: number
}

/** The form in which operators change a due. It is checked with the rules for a row of a file. */
export function editDuePages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    // The page of the due shows its state and why it cannot be changed.
    if (due.state !== 'payable') return redirectWith(req, res, dueHref(res, due), { key: 'edit' })
    await show(req, res, { due, typed: typedOf(due) })
  })

  router.post(PATH, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const body = typedIn(req)
    const seen = seenIn(body)
    const typed = { ...typedOf(due), ...body, ...fixedOf(due, body) }
    if (wantsToCorrect(body)) return show(req, res, { due, typed, seen })
    const rows = afterRowButton(typed)
    if (rows ?? trimmedText(typed, 'azione') === 'somma')
      return show(req, res, { due, typed: rows ?? typed, seen })
    return save(req, res, { due, typed, seen })
  })

  async function save(
    req: Request,
    res: Response,
    { due, typed, seen }: { due: DueDetail; typed: Typed; seen: Seen },
  ): Promise<void> {
    const { enteId } = theAccess(res)
    const by = theOperator(res)
    const settings = await flowSettings(db, { enteId })
    const before = typedOf(due)
    const checked = checkTypedDue({ typed, before, settings, iud: due.iud, isNew: false, kept: due.bilancio })
    if (checked.kind === 'problems')
      return show(req, res, { due, typed, seen, problems: checked.problems, status: 422 })
    const asking = {
      settings,
      due: checked.due,
      typed,
      title: t('dues.form.change'),
      action: `${dueHref(res, due)}/modifica`,
      button: t('dues.pastDay.change'),
    }
    if (asksPastDay(req, res, asking, due.dueOn)) return undefined
    const saved = await changeTypedDue(db, {
      origin: { enteId, flowId: null, operatorId: by.id, by },
      settings,
      due: checked.due,
      id: due.id,
      seenAt: seen.at,
    })
    if (saved.kind === 'saved') {
      const isOutdated = changesNotice(due, checked.due) && (await hasGivenNotice(db, due.id))
      const done = isOutdated ? 'staff.done.dueChangedAfterNotice' : 'staff.done.dueChanged'
      const given = { importo: euro(due.importoCents) }
      return redirectDone(req, res, `${duesHref(res)}/${saved.id}`, done, given)
    }
    // An operator who may no longer use the type of the due gets NOT_FOUND here.
    const current = await mustFindDue(db, req, res)
    if (saved.kind === 'reject')
      return show(req, res, { due, typed, seen, problems: stateProblems(saved.reason), status: 422 })
    return show(req, res, { due: current, typed, changed: changedSince(seen, current), status: 409 })
  }

  async function show(
    req: Request,
    res: Response,
    { due, typed, problems = {}, seen = seenOf(due), changed, status = 200 }: Shown,
  ): Promise<void> {
    const [type] = await Promise.all([
      formDueType(db, readerOf(res), due.dueTypeCode),
      traceAtEnte(db, res, { what: 'due', of: theDue(due) }),
    ])
    const back = dueHref(res, due)
    sendPage(
      res,
      'operator/edit-due',
      {
        title: t('dues.form.change'),
        ...operatorFrame(theAccess(res), 'dovuti', { text: due.causale, href: back }),
        ...dueFormView({ due, type, typed, problems, byForm: false, today: romeDay(now(config)) }),
        typeName: due.dueTypeName,
        isStale: changed !== undefined,
        changed: changed ?? [],
        isPayable: due.state === 'payable',
        action: `${back}/modifica`,
        back,
        seenAt: seen.at,
        seenValues: JSON.stringify(seen.values),
        csrf: csrfOf(req),
      },
      status,
    )
  }
  return router
}

/** True when a notice of the due before the change says something else than one after it. */
function changesNotice(before: DueDetail, after: FlowDue): boolean {
  const printed = after.pagatore
  const total = after.importo + (after.secondary?.importo ?? 0)
  return (
    before.iuv !== null &&
    (total !== before.importoCents ||
      after.causale !== before.causale ||
      (after.dueType.printDueOn && (after.dueOn ?? null) !== before.dueOn) ||
      addressLine(printed) !== addressLine(before.pagatore) ||
      printed.anagrafica !== before.pagatore.anagrafica ||
      printed.codice !== before.pagatore.codice)
  )
}

/** The type and an existing IUV stay as they are, whatever the browser sends. */
const fixedOf = (due: DueDetail, body: Typed): Typed => ({
  IUD: due.iud,
  tipoDovuto: due.dueTypeCode,
  codIuv: due.iuv ?? textOf(body, 'codIuv'),
  flgGeneraIuv: due.iuv === null ? textOf(body, 'flgGeneraIuv') : String(due.generatesIuv),
})
