import { Router, type Request, type Response } from 'express'
import { dueTypesOf } from '../../db/due/dues.ts'
import { formDueType, type FormDueType } from '../../db/due/form-type.ts'
import { flowSettings } from '../../db/flow/flow.ts'
import { romeDay } from '../../domain/calendar.ts'
import { isDrawnIud } from '../../domain/iud.ts'
import { drawIud } from '../../services/due/draw-iud.ts'
import { insertTypedDue } from '../../services/due/save.ts'
import { t } from '../../templates/language.ts'
import { readerOf, theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { now, type AppDeps } from '../deps.ts'
import { fieldView, statusOf, summaryView, type FieldView, type Problems } from '../form/field-view.ts'
import { wantsToCorrect } from '../form/confirm.ts'
import { hiddenInputs } from '../form/hidden.ts'
import { takeKept } from '../form/kept.ts'
import { trimmedText, typedIn, type Typed } from '../form/read-request.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { afterRowButton } from './bilancio-rows.ts'
import { duesHref, DUES_PATH } from './due-address.ts'
import { checkTypedDue, stateProblems } from './due-check.ts'
import { dueFormView } from './due-form-view.ts'
import {
  afterFormButton,
  columnsOf,
  definitionOf,
  otherFields,
  placesOf,
  proposedColumns,
  readTypeForm,
} from './due-type-form.ts'
import { typesPage } from './due-types-view.ts'
import { asksPastDay } from './past-day.ts'

const PATH = `${DUES_PATH}/nuovo`

/** The name of the choice of another type on the page of a new due. */
const OTHER_TYPE = 'altroTipo'

interface Shown {
  type: FormDueType
  typed: Typed
  problems?: Problems
}

/**
 * The pages on which operators make a due at the counter: first its type, then what that type needs. The type's own form computes amount,
 * causale and bilancio, unless the operator asks to type them.
 */
export function newDuePages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()
  const today = (): string => romeDay(now(config))

  router.get(PATH, async (req, res) => {
    const kept = takeKept(req, res)
    const keptType = kept && (await typeOf(res, trimmedText(kept, 'tipoDovuto')))
    if (kept && keptType) return show(req, res, { type: keptType, typed: kept })
    const types = await dueTypesOf(db, readerOf(res))
    const code = trimmedText(req.query, 'tipo') || (types.length === 1 ? types[0]!.code : '')
    const type = await typeOf(res, code)
    if (type) return show(req, res, { type, typed: begun(type) })
    const page = typesPage(types, `${duesHref(res)}/nuovo`, trimmedText(req.query, 'cerca'))
    sendPage(res, 'operator/new-due', typesFrame(res, { ...page, lost: null }))
  })

  router.post(PATH, async (req, res) => {
    const typed = typedIn(req)
    const code = trimmedText(typed, 'tipoDovuto')
    const pressed = trimmedText(typed, 'azione')
    const type = await typeOf(res, code)
    if (!type) return pressed === 'tipo' ? showOther(req, res, { typed }) : showLost(req, res, typed)
    // A chosen type counts without its button too: nobody chose to save a due of the type that the page still shows.
    if (pressed === 'tipo' || (pressed === '' && trimmedText(typed, OTHER_TYPE) !== ''))
      return showOther(req, res, { type, typed })
    if (pressed === 'mano')
      return show(req, res, {
        type,
        typed: { ...typed, ...proposedColumns(type, typed, today()), modo: 'mano' },
      })
    if (pressed === 'modulo') return show(req, res, { type, typed: { ...typed, modo: 'modulo' } })
    if (wantsToCorrect(typed)) return show(req, res, { type, typed: { ...typed, azione: '' } })
    const rows = afterRowButton(typed)
    if (rows) return show(req, res, { type, typed: rows })
    if (!isByForm(typed))
      return pressed === 'somma' ? show(req, res, { type, typed }) : save(req, res, { type, typed })
    const after = afterFormButton(type, typed)
    if (after.action === undefined && pressed !== 'somma') return save(req, res, { type, typed: after.typed })
    const problems = after.action === 'compute' ? readTypeForm(type, after.typed, today()).problems : {}
    return show(req, res, { type, typed: after.typed, problems })
  })

  const typeOf = async (res: Response, code: string): Promise<FormDueType | undefined> =>
    code === '' ? undefined : formDueType(db, readerOf(res), code)

  /** Shows the form of another type with all that was typed; what the old type had proposed makes room for the new type's. */
  async function showOther(
    req: Request,
    res: Response,
    { type, typed }: { type?: FormDueType; typed: Typed },
  ): Promise<void> {
    const other = await typeOf(res, trimmedText(typed, OTHER_TYPE))
    const problems = { [OTHER_TYPE]: t('dues.missing.tipoDovuto') }
    if (!other) return type ? show(req, res, { type, typed, problems }) : showLost(req, res, typed)
    const isProposed = !type || trimmedText(typed, 'datiSpecificiRiscossione') === type.datiSpecifici
    return show(req, res, {
      type: other,
      typed: {
        ...typed,
        [OTHER_TYPE]: '',
        ...(isProposed ? { datiSpecificiRiscossione: other.datiSpecifici } : {}),
      },
    })
  }

  /** The type is no longer active or no longer granted: the operator chooses another one, and keeps what was typed. */
  async function showLost(req: Request, res: Response, typed: Typed): Promise<void> {
    const types = await dueTypesOf(db, readerOf(res))
    const problems = { [OTHER_TYPE]: t('dues.types.lost') }
    const page = typesPage([], `${duesHref(res)}/nuovo`, '')
    const lost = {
      action: `${duesHref(res)}/nuovo`,
      other: otherField(types, { typed: {}, problems }),
      kept: hiddenInputs(typed, ['_csrf', 'azione', OTHER_TYPE]),
      csrf: csrfOf(req),
    }
    const view = { ...page, none: types.length === 0 ? page.none : null, ...summaryView(problems), lost }
    sendPage(res, 'operator/new-due', typesFrame(res, view), 422)
  }

  async function save(req: Request, res: Response, { type, typed }: Shown): Promise<void> {
    const { enteId } = theAccess(res)
    const by = theOperator(res)
    const { columns, problems: ofForm } = isByForm(typed)
      ? computed(type, typed)
      : { columns: {}, problems: {} }
    const settings = await flowSettings(db, { enteId })
    const iud = trimmedText(typed, 'IUD') || drawnIn(typed)
    const checked = checkTypedDue({
      typed: { ...typed, ...columns, tipoDovuto: type.code },
      settings,
      iud,
      isNew: true,
      demandsBilancio: definitionOf(type).bilancio !== undefined,
    })
    const ofDue = checked.kind === 'problems' ? checked.problems : {}
    if (checked.kind === 'problems' || Object.keys(ofForm).length > 0)
      return show(req, res, { type, typed, problems: { ...ofForm, ...onPage(type, typed, ofDue, ofForm) } })
    const asking = {
      settings,
      due: checked.due,
      typed,
      title: t('dues.form.newOf', { type: type.name }),
      action: `${duesHref(res)}/nuovo`,
      button: t('dues.pastDay.make'),
    }
    if (asksPastDay(req, res, asking, null)) return undefined
    const saved = await insertTypedDue(db, {
      origin: { enteId, flowId: null, operatorId: by.id, by },
      settings,
      due: checked.due,
    })
    if (saved.kind === 'reject')
      return show(req, res, { type, typed, problems: onPage(type, typed, stateProblems(saved.reason), {}) })
    const hasNumber = checked.due.generatesIuv || checked.due.iuv !== undefined
    const done = hasNumber ? 'staff.done.dueMade' : 'staff.done.dueMadeWithoutNumber'
    redirectDone(req, res, `${duesHref(res)}/${saved.id}`, done)
  }

  /** The columns that the type's own form computes; placeholders where it could not, because its own problems are told already. */
  function computed(type: FormDueType, typed: Typed): { columns: Typed; problems: Problems } {
    const { check, problems } = readTypeForm(type, typed, today())
    return check.ok
      ? { columns: columnsOf(check), problems }
      : { columns: { importoDovuto: '1,00', causaleVersamento: type.name }, problems }
  }

  async function show(req: Request, res: Response, { type, typed, problems = {} }: Shown): Promise<void> {
    const types = await dueTypesOf(db, readerOf(res))
    const back = duesHref(res)
    const view = dueFormView({
      due: undefined,
      type,
      typed,
      problems,
      byForm: isByForm(typed),
      today: today(),
    })
    const others = types.filter(({ code }) => code !== type.code)
    sendPage(
      res,
      'operator/new-due-form',
      {
        title: t('dues.form.newOf', { type: type.name }),
        ...operatorFrame(theAccess(res), 'dovuti', { text: t('dues.form.new'), href: `${back}/nuovo` }),
        here: type.name,
        ...view,
        typeName: type.name,
        typeCode: type.code,
        other: others.length === 0 ? null : otherField(others, { typed, problems }),
        isOtherOpen: OTHER_TYPE in problems,
        kept: [...otherFields(type, typed), ...(view.form ? keptColumns(typed) : [])],
        mode: isByForm(typed) ? 'modulo' : 'mano',
        drawn: drawnIn(typed),
        action: `${back}/nuovo`,
        back,
        csrf: csrfOf(req),
      },
      statusOf(problems),
    )
  }
  return router
}

const typesFrame = (res: Response, view: object) => ({
  title: t('dues.form.new'),
  ...operatorFrame(theAccess(res), 'dovuti'),
  ...view,
  back: duesHref(res),
})

/** What a new due begins with. */
const begun = (type: FormDueType): Typed => ({
  modo: 'modulo',
  nazionePagatore: 'IT',
  flgGeneraIuv: 'true',
  flagMultiBeneficiario: 'false',
  datiSpecificiRiscossione: type.datiSpecifici,
})

const isByForm = (typed: Typed): boolean => trimmedText(typed, 'modo') === 'modulo'

/** The IUD that the form has carried since it was opened, so that sending it twice makes one due. */
const drawnIn = (typed: Typed): string => {
  const carried = trimmedText(typed, 'numero')
  return isDrawnIud(carried) ? carried : drawIud()
}

/**
 * The problems of a due beside fields that the page shows: those of the type stand beside the choice of another one. Amount and causale that the type's own form computes have none there: their
 * problems stand beside its fields. The bilancio is compared with the amount only when there is one.
 */
function onPage(type: FormDueType, typed: Typed, ofDue: Problems, ofForm: Problems): Problems {
  const places: Partial<Record<string, string>> = {
    tipoDovuto: OTHER_TYPE,
    ...(isByForm(typed) ? placesOf(type) : {}),
  }
  const isComputed = Object.keys(ofForm).length === 0
  return Object.fromEntries(
    Object.entries(ofDue)
      .filter(([id]) => isComputed || !id.startsWith('bilancio'))
      .map(([id, text]) => [places[id] ?? id, text]),
  )
}

/** Amount and causale while the page shows the type's own form instead. */
const keptColumns = (typed: Typed): { name: string; value: string }[] =>
  ['importoDovuto', 'causaleVersamento'].map((name) => ({ name, value: trimmedText(typed, name) }))

const otherField = (
  types: readonly { code: string; name: string }[],
  { typed, problems }: Pick<Shown, 'typed'> & { problems: Problems },
): FieldView =>
  fieldView(
    {
      id: OTHER_TYPE,
      label: t('dues.form.otherType'),
      required: false,
      options: types.map(({ code, name }) => ({ value: code, label: name })),
    },
    typed,
    problems,
  )
