import { Router, type Request, type Response } from 'express'
import type { ConfigRow } from '../../db/ente/configured.ts'
import { AppError } from '../../domain/errors.ts'
import { t } from '../../templates/language.ts'
import { summaryView, type Problems } from '../form/field-view.ts'
import { takeKept } from '../form/kept.ts'
import { typedIn, type Typed } from '../form/read-request.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { authorOf, enteAdminsOnly, isPlatform } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { configFields, typedOfRow } from './config-form.ts'
import { askConfirm } from '../form/confirm.ts'
import { ENTE_SECTIONS, type EnteSection } from './ente-fields.ts'
import { enteCrumb, enteHref, mustFindEnte } from './ente-row.ts'
import { mayChange, sectionHref } from './ente-summary.ts'
import { saveForm } from './save-form.ts'
import { seenOf } from './seen.ts'

/** The form of each section of an ente. A section is checked and saved alone. */
export function enteSectionPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  for (const section of ENTE_SECTIONS) {
    const path = sectionHref('/admin/enti/:codIpa', section.name)

    router.get(path, enteAdminsOnly, async (req, res) => {
      mustMayChange(section, res)
      const row = await mustFindEnte(db, res)
      show(req, res, section, { row, typed: takeKept(req, res) ?? typedOfRow(section.fields, row) })
    })

    router.post(path, enteAdminsOnly, async (req, res) => {
      mustMayChange(section, res)
      const row = await mustFindEnte(db, res)
      const typed = typedIn(req)
      const by = authorOf(res, config)
      const saved = await saveForm(db, { table: 'ente', row, fields: section.fields, body: typed, by })
      if (saved.kind === 'again') return show(req, res, section, { ...saved, typed })
      if (saved.kind === 'ask')
        return askConfirm(req, res, {
          ...saved.asked,
          title: t('admin.confirm.section', { section: t(`admin.ente.section.${section.name}`) }),
          lead: String(row['name']),
          action: sectionHref(enteHref(res), section.name),
          typed,
          button: t('admin.confirm.change'),
          frame: adminFrame(res, '/admin/enti', enteCrumb(res)),
        })
      redirectDone(req, res, enteHref(res), 'staff.done.saved')
    })
  }

  return router
}

function mustMayChange(section: EnteSection, res: Response): void {
  if (!mayChange(section, isPlatform(res))) throw new AppError('NOT_FOUND')
}

interface Shown {
  row: ConfigRow
  typed: Typed
  problems?: Problems
  status?: number
}

function show(
  req: Request,
  res: Response,
  { name, fields }: EnteSection,
  { row, typed, problems = {}, status = 200 }: Shown,
): void {
  sendPage(
    res,
    'admin/ente-section',
    {
      title: t(`admin.ente.section.${name}`),
      ...adminFrame(res, '/admin/enti', enteCrumb(res)),
      ...summaryView(problems),
      name: row['name'],
      action: sectionHref(enteHref(res), name),
      back: enteHref(res),
      fields: configFields(fields, { typed, problems, isPlatform: isPlatform(res) }),
      seen: seenOf(fields, row),
      csrf: csrfOf(req),
    },
    status,
  )
}
