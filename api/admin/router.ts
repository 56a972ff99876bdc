import { Router } from 'express'
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
import { numbersPages } from './numbers.ts'
import { operatorPages } from './operators.ts'
import { personPages } from './person.ts'
import { softwarePages } from './software.ts'
import { dueTypePages } from './due-types.ts'

/** The pages that configure enti, types of due and people. Each change stores an event with its author, the old and the new value. */
export function adminRouter(deps: AppDeps): Router {
  const router = Router()
  const ofEnte = enteOnly(deps.db)
  router.use('/admin', operatorsOnly(deps), adminsOnly)
  router.get('/admin', (_req, res) => {
    sendPage(res, 'admin/home', { title: t('admin.title'), ...adminFrame(res) })
  })
  // The address `nuovo` is the form of a new ente and not the code of one. It has no pages below it.
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
    numbersPages(deps),
  )
  return router
}

/** The forms with a file. Their routes must come before the middleware that reads forms. */
export const adminUploads = (deps: AppDeps): Router =>
  logoUpload(deps, [operatorsOnly(deps), adminsOnly, enteOnly(deps.db)])
