import { Router, type Request, type Response } from 'express'
import { configEvents } from '../../db/ente/configuration.ts'
import type { ConfigRow } from '../../db/ente/configured.ts'
import { waitingAt } from '../../db/ente/approval.ts'
import { formDefinitionSchema } from '../../domain/form/definition.ts'
import { unfitProblems } from '../../domain/form/edit/fit.ts'
import { t } from '../../templates/language.ts'
import { formProblemText } from '../../templates/pages/admin/form-words.ts'
import { summaryView, type Problems } from '../form/field-view.ts'
import { takeKept } from '../form/kept.ts'
import { typedIn, type Typed } from '../form/read-request.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { theAccess } from '../access/operator.ts'
import { authorOf, enteAdminsOnly, isPlatform } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { waitingView } from './approvals.ts'
import { configFields, typedOfRow } from './config-form.ts'
import { askConfirm } from '../form/confirm.ts'
import { dueTypeCrumbs, dueTypeHref, mustFindDueType } from './due-type-row.ts'
import { eventView } from './event-view.ts'
import { DUE_TYPE_FIELDS } from './fields.ts'
import { previewOf } from './form-preview.ts'
import { saveForm } from './save-form.ts'
import { seenOf } from './seen.ts'

const PATH = '/admin/enti/:codIpa/tipi/:code'

/** The page of a type of due at an ente: its settings, and its form as a citizen sees it. */
export function dueTypePages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(PATH, enteAdminsOnly, async (req, res) => {
    const row = await mustFindDueType(db, req, res)
    await show(req, res, { row, typed: takeKept(req, res) ?? typedOfRow(DUE_TYPE_FIELDS, row) })
  })

  router.post(PATH, enteAdminsOnly, async (req, res) => {
    const row = await mustFindDueType(db, req, res)
    const typed = typedIn(req)
    const saved = await saveForm(db, {
      table: 'ente_due_type',
      row,
      fields: DUE_TYPE_FIELDS,
      body: typed,
      by: authorOf(res, config),
      check: problemsTogether,
    })
    if (saved.kind === 'again') return show(req, res, { ...saved, typed })
    if (saved.kind === 'ask')
      return askConfirm(req, res, {
        ...saved.asked,
        title: t('admin.confirm.section', { section: String(row['name']) }),
        lead: theAccess(res).enteName,
        action: dueTypeHref(res, row),
        typed,
        button: t('admin.confirm.change'),
        frame: adminFrame(res, '/admin/enti', ...dueTypeCrumbs(res)),
      })
    redirectDone(req, res, dueTypeHref(res, row), 'staff.done.saved')
  })

  async function show(
    req: Request,
    res: Response,
    { row, typed, problems = {}, status = 200 }: Shown,
  ): Promise<void> {
    const [events, waiting] = await Promise.all([
      configEvents(db, row.id),
      waitingAt(db, theAccess(res).enteId),
    ])
    const href = dueTypeHref(res, row)
    const stored = formDefinitionSchema.safeParse(row['form']).data
    sendPage(
      res,
      'admin/due-type',
      {
        title: String(row['name']),
        ...adminFrame(res, '/admin/enti', ...dueTypeCrumbs(res)),
        ...summaryView(problems),
        href,
        name: row['name'],
        code: row['code'],
        waiting: waitingView(
          res,
          waiting.filter(({ entityId }) => entityId === row.id),
        ),
        settings: configFields(DUE_TYPE_FIELDS, { typed, problems, isPlatform: isPlatform(res) }),
        formHref: `${href}/modulo`,
        formText: t(isPlatform(res) ? 'admin.dueType.editForm' : 'admin.dueType.editPrices'),
        unfit: stored ? unfitProblems(stored).map(formProblemText) : [],
        ...previewOf(config, stored, undefined),
        seen: seenOf(DUE_TYPE_FIELDS, row),
        events: events.map(eventView),
        csrf: csrfOf(req),
      },
      status,
    )
  }
  return router
}

interface Shown {
  row: ConfigRow
  typed: Typed
  problems?: Problems
  status?: number
}

const problemsTogether = (after: ConfigRow): Problems =>
  after['spontaneous'] === true && after['due_on_binding'] === true
    ? { due_on_binding: t('config.problem.spontaneousDate') }
    : {}
