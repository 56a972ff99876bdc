import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import {
  catalogue,
  configEvents,
  configuredRow,
  entiOfDueType,
  pickDueType,
  saveConfiguration,
  dueTypesOfEnte,
} from '../../db/ente/configuration.ts'
import type { ConfigRow } from '../../db/ente/configured.ts'
import { waitingAt } from '../../db/ente/approval.ts'
import { AppError } from '../../domain/errors.ts'
import { formDefinitionSchema, type FormDefinitionInput } from '../../domain/form/definition.ts'
import type { FormDefinition } from '../../domain/form/fields.ts'
import { romeDay } from '../../domain/calendar.ts'
import { formView } from '../form/form-view.ts'
import { seedTributi } from '../../domain/seed/tributi.ts'
import { stateChip, type Chip } from '../../templates/chip.ts'
import { t } from '../../templates/language.ts'
import { summaryView, type Problems } from '../form/field-view.ts'
import { mustRead, typedIn, type Typed } from '../form/read-request.ts'
import { now, type AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage } from '../page/page.ts'
import { theAccess } from '../access/operator.ts'
import { waitingView } from './approvals.ts'
import { authorOf, enteAdminsOnly, isPlatform, platformOnly } from '../access/region.ts'
import { configFields, offeredTo, readConfig, typedOfRow } from './config-form.ts'
import { readSeen, seenOf, waitingProblems } from './enti.ts'
import { eventView } from './event-view.ts'
import { DUE_TYPE_FIELDS } from './fields.ts'
import { adminFrame } from '../access/region-menu.ts'
import { redirectDone } from '../page/flash.ts'

const PATH = '/admin/enti/:codIpa/tipi'
const Code = z.string().regex(/^\w{1,64}$/)

/** The pages of types of due: which ones an ente collects, with which settings and which form. */
export function dueTypePages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get('/admin/tipi-dovuto', platformOnly, async (_req, res) => {
    const rows = await catalogue(db)
    sendPage(res, 'admin/catalogue', {
      title: t('admin.section.dueTypes'),
      ...adminFrame(res, '/admin/tipi-dovuto'),
      rows: rows.map((row) => ({ ...row, href: `/admin/tipi-dovuto/${row.code}` })),
    })
  })

  router.get('/admin/tipi-dovuto/:code', platformOnly, async (req, res) => {
    const code = mustRead(Code, req.params.code)
    const dueType = (await catalogue(db)).find((row) => row.code === code)
    if (!dueType) throw new AppError('NOT_FOUND')
    const enti = await entiOfDueType(db, code)
    sendPage(res, 'admin/due-type-enti', {
      title: dueType.name,
      ...adminFrame(res, '/admin/tipi-dovuto'),
      name: dueType.name,
      rows: enti.map((ente) => ({
        name: ente.name,
        state: switchChip(ente.active ? 'on' : 'off'),
        href: `/admin/enti/${ente.codIpa}/tipi/${code}`,
      })),
    })
  })

  router.get(PATH, enteAdminsOnly, async (req, res) => {
    const { enteId, codIpa, enteName, adhesion } = theAccess(res)
    const rows = await dueTypesOfEnte(db, enteId)
    sendPage(res, 'admin/due-types', {
      title: t('admin.dueTypes.title', { ente: enteName }),
      ...adminFrame(res, '/admin/enti', { text: enteName, href: `/admin/enti/${codIpa}` }),
      heading: enteName,
      hasForms: adhesion.includes('base'),
      csrf: csrfOf(req),
      rows: rows.map((row) => ({
        ...row,
        state: switchChip(row.isNew ? 'notChosen' : row.active ? 'on' : 'off'),
        href: row.isNew ? null : `/admin/enti/${codIpa}/tipi/${row.code}`,
        pickHref: row.isNew ? `/admin/enti/${codIpa}/tipi/${row.code}/scegli` : null,
      })),
    })
  })

  router.post(`${PATH}/:code/scegli`, enteAdminsOnly, async (req, res) => {
    const { enteId, codIpa } = theAccess(res)
    const code = mustRead(Code, req.params['code'])
    const known = (await dueTypesOfEnte(db, enteId)).some((row) => row.code === code)
    if (!known) throw new AppError('NOT_FOUND')
    const form = seedTributi.find((tributo) => tributo.code === code)?.form ?? DEFAULT_FORM
    await pickDueType(db, { enteId, code, form: formDefinitionSchema.parse(form), by: authorOf(res, config) })
    redirectDone(req, res, `/admin/enti/${codIpa}/tipi/${code}`, 'staff.done.dueTypePicked')
  })

  router.get(`${PATH}/:code`, enteAdminsOnly, async (req, res) => {
    const row = await mustFind(req, res)
    await show(req, res, row, {
      ...typedOfRow(DUE_TYPE_FIELDS, row),
      form: JSON.stringify(row['form'], null, 1),
    })
  })

  router.post(`${PATH}/:code`, enteAdminsOnly, async (req, res) => {
    const row = await mustFind(req, res)
    const body = typedIn(req)
    const fields = offeredTo(theAccess(res), DUE_TYPE_FIELDS)
    const { values, problems } = readConfig(fields, { body, row, isPlatform: isPlatform(res) })
    const form = isPlatform(res) ? readForm(body) : undefined
    const all: Record<string, string> = { ...problems, ...formProblems(form) }
    if (values['spontaneous'] === true && values['due_on_binding'] === true)
      all['due_on_binding'] = t('config.problem.spontaneousDate')
    const after = { ...row, ...values }
    if (after['push_outcome'] === true && after['push_url'] === null)
      all['push_url'] = t('config.problem.pushUrl')
    if (Object.keys(all).length > 0 || body['azione'] === 'anteprima') return show(req, res, row, body, all)
    const by = authorOf(res, config)
    const written = form?.kind === 'form' ? { ...values, form: form.definition } : values
    const saved = await saveConfiguration(db, {
      table: 'ente_due_type',
      id: row.id,
      values: written,
      seen: readSeen(body),
      by,
    })
    if (saved === 'stale') throw new AppError('STALE_FORM')
    if (saved === 'waiting') return show(req, res, row, body, waitingProblems('ente_due_type', row, values))
    const { codIpa } = theAccess(res)
    redirectDone(req, res, `/admin/enti/${codIpa}/tipi/${String(row['code'])}`, 'staff.done.saved')
  })

  /** The empty form as a citizen sees it. */
  function previewOf(definition: FormDefinition | undefined) {
    if (!definition) return { fields: null }
    const context = { today: romeDay(now(config)) }
    return formView({ definition, language: 'it', typed: {}, problems: {}, context })
  }

  async function mustFind(req: Request, res: Response): Promise<ConfigRow> {
    const code = mustRead(Code, req.params['code'])
    const row = await configuredRow(db, 'ente_due_type', { ente_id: theAccess(res).enteId, code })
    if (!row) throw new AppError('NOT_FOUND')
    return row
  }

  async function show(
    req: Request,
    res: Response,
    row: ConfigRow,
    typed: Typed,
    problems: Problems = {},
  ): Promise<void> {
    const access = theAccess(res)
    const { codIpa, enteId } = access
    const [events, waiting] = await Promise.all([configEvents(db, row.id), waitingAt(db, enteId)])
    const form = readForm(typed)
    sendPage(
      res,
      'admin/due-type',
      {
        title: String(row['name']),
        ...adminFrame(
          res,
          '/admin/enti',
          { text: access.enteName, href: `/admin/enti/${codIpa}` },
          { text: t('admin.section.dueTypes'), href: `/admin/enti/${codIpa}/tipi` },
        ),
        ...summaryView(problems),
        href: `/admin/enti/${codIpa}/tipi/${String(row['code'])}`,
        name: row['name'],
        code: row['code'],
        waiting: waitingView(
          res,
          waiting.filter(({ entityId }) => entityId === row.id),
        ),
        settings: configFields(offeredTo(access, DUE_TYPE_FIELDS), {
          typed,
          problems,
          isPlatform: isPlatform(res),
        }),
        form: isPlatform(res) ? formText(typed) : null,
        formProblem: problems['form'] ?? null,
        ...previewOf(
          form?.kind === 'form' ? form.definition : formDefinitionSchema.safeParse(row['form']).data,
        ),
        seen: seenOf([...DUE_TYPE_FIELDS.map(({ column }) => column), 'form'], row),
        events: events.map(eventView),
        csrf: csrfOf(req),
      },
      Object.keys(problems).length > 0 ? 422 : 200,
    )
  }
  return router
}

/** The form of a chosen type for which the platform has none: a field for the causale and one for the amount, so that it can be paid. */
const DEFAULT_FORM: FormDefinitionInput = {
  fields: [
    { kind: 'text', id: 'causale', label: t('admin.dueTypes.defaultForm.causale'), maxLength: 100 },
    { kind: 'amount_typed', id: 'importo', label: t('admin.dueTypes.defaultForm.importo') },
  ],
  causale: '${causale}',
}

const formText = ({ form }: Typed): string => (typeof form === 'string' ? form : '')

type ReadForm = { kind: 'form'; definition: FormDefinition } | { kind: 'wrong'; why: string } | undefined

/** Reads the JSON of a form: `wrong` when it is no valid form, undefined when the request has none. */
function readForm(body: Typed): ReadForm {
  if (typeof body['form'] !== 'string') return undefined
  try {
    const parsed = formDefinitionSchema.safeParse(JSON.parse(body['form']))
    if (parsed.success) return { kind: 'form', definition: parsed.data }
    const [issue] = parsed.error.issues
    return { kind: 'wrong', why: `${issue!.path.join('.')}: ${issue!.message}` }
  } catch (error) {
    return { kind: 'wrong', why: error instanceof Error ? error.message : String(error) }
  }
}

const formProblems = (form: ReadForm): Record<string, string> =>
  form?.kind === 'wrong' ? { form: t('config.problem.form', { why: form.why }) } : {}

const switchChip = (state: 'on' | 'off' | 'notChosen'): Chip =>
  stateChip('switch', state, t(`admin.dueTypes.${state}`))
