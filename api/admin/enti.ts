import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { administeredEnti } from '../../db/ente/configuration.ts'
import { ENTE_MOVES } from '../../domain/states.ts'
import { keysOf } from '../../domain/table.ts'
import { createEnte } from '../../services/ente/create.ts'
import { stateChip } from '../../templates/chip.ts'
import { t } from '../../templates/language.ts'
import { statusOf, summaryView, type Problems } from '../form/field-view.ts'
import { typedIn, type Typed } from '../form/read-request.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { theOperator } from '../access/operator.ts'
import { authorOf, isPlatform, platformOnly } from '../access/region.ts'
import { configFields, readConfig } from './config-form.ts'
import { NEW_ENTE_FIELDS } from './ente-fields.ts'
import { adminFrame } from '../access/region-menu.ts'

const PATH = '/admin/enti'
const STATES = keysOf(ENTE_MOVES)
const Query = z.object({ q: z.string().trim().max(60).catch(''), stato: z.string().max(20).catch('') })

/** The list of enti, and the form that creates one. */
export function entiPages({ db, config }: AppDeps): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const { q, stato } = Query.parse(req.query)
    const operatorId = isPlatform(res) ? undefined : theOperator(res).id
    const enti = await administeredEnti(db, {
      q,
      state: Object.hasOwn(ENTE_MOVES, stato) ? stato : '',
      operatorId,
    })
    sendPage(res, 'admin/enti', {
      title: t('admin.section.enti'),
      ...adminFrame(res, '/admin/enti'),
      q,
      states: STATES.map((value) => ({
        value,
        label: t(`admin.state.${value}`),
        selected: value === stato,
      })),
      newHref: isPlatform(res) ? `${PATH}/nuovo` : null,
      rows: enti.map((ente) => ({
        ...ente,
        href: `${PATH}/${ente.codIpa}`,
        state: stateChip('ente', ente.state, t(`admin.state.${ente.state}`)),
      })),
    })
  })

  router.get(`${PATH}/nuovo`, platformOnly, (req, res) => showNew(req, res, {}, {}))
  router.post(`${PATH}/nuovo`, platformOnly, async (req, res) => {
    const body = typedIn(req)
    const { values, problems } = readConfig(NEW_ENTE_FIELDS, { body, row: {}, isPlatform: true })
    if (Object.keys(problems).length > 0) return showNew(req, res, body, problems)
    const codIpa = await createEnte(db, values, authorOf(res, config))
    if (codIpa === undefined) return showNew(req, res, body, { cod_ipa: t('config.problem.taken') })
    redirectDone(req, res, `${PATH}/${codIpa}`, 'staff.done.enteMade')
  })

  function showNew(req: Request, res: Response, typed: Typed, problems: Problems): void {
    sendPage(
      res,
      'admin/new-ente',
      {
        title: t('admin.enti.new'),
        ...adminFrame(res, '/admin/enti'),
        ...summaryView(problems),
        fields: configFields(NEW_ENTE_FIELDS, { typed, problems, isPlatform: true }),
        csrf: csrfOf(req),
      },
      statusOf(problems),
    )
  }
  return router
}
