import { Router, type RequestHandler } from 'express'
import type { AppDeps } from '../deps.ts'
import { t } from '../../templates/language.ts'
import { enteOnly, operatorsOnly } from '../access/operator.ts'
import { sendPage } from '../page/page.ts'
import { adminsOnly } from '../access/region.ts'
import { accessPages } from './accesses.ts'
import { approvalPages } from './approvals.ts'
import { entePages, logoUpload } from './enti.ts'
import { journalPages } from './journal.ts'
import { adminFrame } from '../access/region-menu.ts'
import { operatorPages } from './operators.ts'
import { personPages } from './person.ts'
import { softwarePages } from './software.ts'
import { dueTypePages } from './due-types.ts'

/** Configuration of enti, types and people. Each change is an event with who made it, from and to. */
export function adminRouter(deps: AppDeps): Router {
  const router = Router()
  const ofEnte = enteOnly(deps.db) as RequestHandler
  router.use('/admin', operatorsOnly(deps), adminsOnly)
  router.get('/admin', (_req, res) => {
    sendPage(res, 'admin/home', { title: t('admin.title'), ...adminFrame(res) })
  })
  // "nuovo" is the form of a new ente; below it there is nothing.
  router.use('/admin/enti/:codIpa', (req, res, next) =>
    req.params.codIpa === 'nuovo' && req.path === '/' ? next() : ofEnte(req, res, next),
  )
  router.use(
    accessPages(deps),
    approvalPages(deps),
    entePages(deps),
    dueTypePages(deps),
    operatorPages(deps),
    softwarePages(deps),
    personPages(deps),
    journalPages(deps),
  )
  return router
}

/** The forms with a file stand before the reader of forms. */
export const adminUploads = (deps: AppDeps): Router =>
  logoUpload(deps, [operatorsOnly(deps), adminsOnly, enteOnly(deps.db) as RequestHandler])
