import { Router } from 'express'
import { catalogue, dueTypesOfEnte, entiOfDueType, pickDueType } from '../../db/ente/configuration.ts'
import { AppError } from '../../domain/errors.ts'
import { formDefinitionSchema, type FormDefinitionInput } from '../../domain/form/definition.ts'
import { seedTributi } from '../../domain/seed/tributi.ts'
import { stateChip, type Chip } from '../../templates/chip.ts'
import { t } from '../../templates/language.ts'
import { mustRead } from '../form/read-request.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { theAccess } from '../access/operator.ts'
import { authorOf, enteAdminsOnly, platformOnly } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { DueTypeCode } from './due-type-row.ts'
import { enteCrumb, enteHref } from './ente-row.ts'

const PATH = '/admin/enti/:codIpa/tipi'

/** The lists of types of due: the catalogue of the region, and the types that an ente collects and may choose. */
export function dueTypesPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
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
    const code = mustRead(DueTypeCode, req.params.code)
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
    const { enteId, enteName, adhesion } = theAccess(res)
    const rows = await dueTypesOfEnte(db, enteId)
    const href = `${enteHref(res)}/tipi`
    sendPage(res, 'admin/due-types', {
      title: t('admin.dueTypes.title', { ente: enteName }),
      ...adminFrame(res, '/admin/enti', enteCrumb(res)),
      heading: enteName,
      hasForms: adhesion.includes('base'),
      csrf: csrfOf(req),
      rows: rows.map((row) => ({
        ...row,
        state: switchChip(row.isNew ? 'notChosen' : row.active ? 'on' : 'off'),
        href: row.isNew ? null : `${href}/${row.code}`,
        pickHref: row.isNew ? `${href}/${row.code}/scegli` : null,
      })),
    })
  })

  router.post(`${PATH}/:code/scegli`, enteAdminsOnly, async (req, res) => {
    const { enteId } = theAccess(res)
    const code = mustRead(DueTypeCode, req.params['code'])
    const known = (await dueTypesOfEnte(db, enteId)).some((row) => row.code === code)
    if (!known) throw new AppError('NOT_FOUND')
    const form = seedTributi.find((tributo) => tributo.code === code)?.form ?? DEFAULT_FORM
    await pickDueType(db, { enteId, code, form: formDefinitionSchema.parse(form), by: authorOf(res, config) })
    redirectDone(req, res, `${enteHref(res)}/tipi/${code}`, 'staff.done.dueTypePicked')
  })

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

const switchChip = (state: 'on' | 'off' | 'notChosen'): Chip =>
  stateChip('switch', state, t(`admin.dueTypes.${state}`))
