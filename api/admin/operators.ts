import { Router } from 'express'
import { z } from 'zod'
import { searchOperators } from '../../db/ente/grants.ts'
import { operatorCode } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import type { AppDeps } from '../deps.ts'
import { sendPage } from '../page/page.ts'
import { platformOnly } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { grantLinks } from './person.ts'

const Query = z.object({ q: z.string().trim().max(60).catch('') })

/** The list of all operators, for the region. */
export function operatorPages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get('/admin/operatori', platformOnly, async (req, res) => {
    const { q } = Query.parse(req.query)
    const found = await searchOperators(db, q)
    sendPage(res, 'admin/operators', {
      title: t('admin.section.operators'),
      ...adminFrame(res, '/admin/operatori'),
      q,
      rows: found.map((row) => ({
        ...row,
        code: operatorCode(row.id),
        href: `/admin/operatori/${row.id}`,
        email: row.email ?? '–',
        enti: grantLinks(row),
      })),
    })
  })

  return router
}
