import express, { Router } from 'express'
import type { AppDeps } from '../deps.ts'
import { t } from '../../templates/language.ts'
import { enteOnly, operatorsOnly } from '../access/operator.ts'
import { sendPage } from '../page/page.ts'
import { adminsOnly, enteAdminsOnly } from '../access/region.ts'
import { accessPages } from './accesses.ts'
import { approvalPages } from './approvals.ts'
import { enteOperatorPages } from './ente-operators.ts'
import { entePages } from './ente.ts'
import { enteSectionPages } from './ente-section.ts'
import { enteStatePages } from './ente-state.ts'
import { entiPages } from './enti.ts'
import { EDITOR_PATH, formEditorPages } from './form-editor.ts'
import { journalPages } from './journal.ts'
import { logoPages, logoUpload } from './logo.ts'
import { adminFrame } from '../access/region-menu.ts'
import { numbersPages } from './numbers.ts'
import { operatorPages } from './operators.ts'
import { personPages } from './person.ts'
import { revokePages } from './revoke.ts'
import { softwarePages } from './software.ts'
import { dueTypePages } from './due-type.ts'
import { dueTypesPages } from './due-types.ts'

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
    entiPages(deps),
    entePages(deps),
    enteSectionPages(deps),
    enteStatePages(deps),
    logoPages(deps),
    dueTypesPages(deps),
    dueTypePages(deps),
    formEditorPages(deps),
    operatorPages(deps),
    enteOperatorPages(deps),
    revokePages(deps),
    softwarePages(deps),
    personPages(deps),
    journalPages(deps),
    numbersPages(deps),
  )
  return router
}

/**
 * What must come before the middleware that reads forms: the forms with a file, and the editor of a form of citizens, which is larger
 * than other forms and is read for administrators of the ente and of the region alone.
 */
export function adminUploads(deps: AppDeps): Router {
  const guards = [operatorsOnly(deps), adminsOnly, enteOnly(deps.db)]
  const router = Router()
  router.post(EDITOR_PATH, ...guards, enteAdminsOnly, express.urlencoded(LARGE))
  router.use(logoUpload(deps, guards))
  return router
}

const LARGE = { extended: false, limit: '300kb', parameterLimit: 2_000 }
