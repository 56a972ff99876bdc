import { Router, type Response } from 'express'
import { z } from 'zod'
import {
  configEvents,
  dueTypesOfEnte,
  enteForReadiness,
  namesOfDueTypes,
  readinessOf,
} from '../../db/ente/configuration.ts'
import { findApiClient } from '../../db/ente/api-client.ts'
import { waitingAt } from '../../db/ente/approval.ts'
import { operatorsOf } from '../../db/ente/grants.ts'
import { isForward } from '../../domain/ente/readiness.ts'
import { ENTE_MOVES } from '../../domain/states.ts'
import { keysOf } from '../../domain/table.ts'
import { stateChip } from '../../templates/chip.ts'
import { t } from '../../templates/language.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage } from '../page/page.ts'
import { theAccess } from '../access/operator.ts'
import { enteAdminsOnly, isPlatform } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { waitingView } from './approvals.ts'
import { ENTE_SECTIONS } from './ente-fields.ts'
import { enteHref, mustFindEnte } from './ente-row.ts'
import { linkedSections, sectionView } from './ente-summary.ts'
import { eventView } from './event-view.ts'
import { readinessView } from './readiness.ts'

const State = z.enum(keysOf(ENTE_MOVES))

/** The page of an ente: what its start still needs, then its configuration in sections that are changed one by one. */
export function entePages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get('/admin/enti/:codIpa', enteAdminsOnly, async (req, res) => {
    const row = await mustFindEnte(db, res)
    const { events, readiness, ente, waiting, names, ...linked } = await load(res)
    const href = enteHref(res)
    const state = State.parse(row['state'])
    const view = readinessView(row, ente!, { found: readiness, publicUrl: config.publicUrl })
    const logo = readiness.hasLogo ? `/enti/${theAccess(res).codIpa}/logo.png` : null
    sendPage(res, 'admin/ente', {
      title: String(row['name']),
      ...adminFrame(res, '/admin/enti'),
      href,
      name: row['name'],
      codIpa: row['cod_ipa'],
      codiceFiscale: row['codice_fiscale'],
      state: stateChip('ente', state, t(`admin.state.${state}`)),
      waiting: waitingView(res, waiting, names),
      way: t(`admin.ente.way.${state}`),
      steps: view.steps,
      moves: isPlatform(res)
        ? ENTE_MOVES[state].map((to) => ({
            to,
            text: t(`admin.move.${to}`),
            missing: isForward(state, to) ? view.missingFor(to).join(', ') || null : null,
          }))
        : null,
      sections: ENTE_SECTIONS.map((section) =>
        sectionView(section, { row, href, isPlatform: isPlatform(res) }),
      ),
      linked: linkedSections(href, linked),
      logo,
      logoHref: isPlatform(res) ? `${href}/logo` : null,
      events: events.map(eventView),
      csrf: csrfOf(req),
    })
  })

  async function load(res: Response) {
    const { enteId } = theAccess(res)
    const [events, readiness, ente, waiting, names, dueTypes, operators, software] = await Promise.all([
      configEvents(db, enteId),
      readinessOf(db, enteId),
      enteForReadiness(db, enteId),
      waitingAt(db, enteId),
      namesOfDueTypes(db, enteId),
      dueTypesOfEnte(db, enteId),
      operatorsOf(db, enteId),
      findApiClient(db, enteId),
    ])
    return { events, readiness, ente, waiting, names, dueTypes, operators, software }
  }
  return router
}
