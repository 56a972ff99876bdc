import { Router } from 'express'
import type { Knex } from 'knex'
import { z } from 'zod'
import { listEnti } from '../../db/ente/operator.ts'
import { t } from '../../templates/language.ts'
import { adminMenu } from '../access/region-menu.ts'
import { sendPage } from '../page/page.ts'
import { theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'

const Query = z.object({ q: z.string().trim().max(60).catch('') })

/** The page on which an operator chooses an ente. */
export function homePages(db: Knex): Router {
  const router = Router()
  router.get('/operatore', async (req, res) => {
    const { isPlatformAdmin, grants } = theOperator(res)
    const { q } = Query.parse(req.query)
    const [only] = grants
    if (!isPlatformAdmin && only && grants.length === 1) return res.redirect(303, `/operatore/${only.codIpa}`)
    const enti = isPlatformAdmin
      ? (await listEnti(db, q)).map(({ codIpa, name, state }) => ({
          codIpa,
          name,
          note: `${codIpa} · ${state}`,
        }))
      : grants.map(({ codIpa, enteName, role }) => ({
          codIpa,
          name: enteName,
          note: role === 'admin' ? t('operator.enti.asAdmin', { codIpa }) : codIpa,
        }))
    sendPage(res, 'operator/enti', {
      title: t('operator.enti.title'),
      ...operatorFrame(undefined),
      ...(isPlatformAdmin ? { menu: adminMenu(res) } : {}),
      isPlatformAdmin,
      q,
      enti: enti.map((ente) => ({ ...ente, href: `/operatore/${ente.codIpa}` })),
    })
  })
  return router
}
