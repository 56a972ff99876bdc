import { Router } from 'express'
import type { AppDeps } from '../deps.ts'
import { enteOnly, joinedAs, operatorsOnly } from '../access/operator.ts'
import { enteAnomalies } from './anomalies.ts'
import { dueFormPages } from './due-form.ts'
import { noticeMailLog } from './notice-mails.ts'
import { sendNoticePages } from './send-notice.ts'
import { askReceipt } from './ask-receipt.ts'
import { bulkActPages } from './bulk-acts.ts'
import { bulkConfirmPages } from './bulk-confirm.ts'
import { cancelDuePages } from './cancel-due.ts'
import { dueDocuments } from './due-documents.ts'
import { duePage } from './due.ts'
import { duesCsv } from './dues-csv.ts'
import { duesPages } from './dues.ts'
import { enteHome } from './ente-home.ts'
import { exampleFlow } from './example-flow.ts'
import { exportPages } from './exports.ts'
import { homePages } from './home.ts'
import { savedSearchForms } from './saved-searches.ts'
import { importFlowPages } from './import-flow.ts'

/** The pages of operators. The grants of the moment of a request decide what it shows. */
export function operatorRouter(deps: AppDeps): Router {
  const router = Router()
  router.use('/operatore', operatorsOnly(deps))
  router.use('/operatore/:codIpa', enteOnly(deps.db))
  router.use('/operatore/:codIpa/flussi', joinedAs('flows'))
  router.use(
    homePages(deps.db),
    enteHome(deps.db),
    exampleFlow(deps),
    importFlowPages(deps),
    dueFormPages(deps),
    duesPages(deps),
    duesCsv(deps),
    savedSearchForms(deps),
    bulkConfirmPages(deps),
    bulkActPages(deps),
    duePage(deps),
    cancelDuePages(deps),
    sendNoticePages(deps),
    noticeMailLog(deps),
    askReceipt(deps),
    dueDocuments(deps),
    exportPages(deps),
    enteAnomalies(deps),
  )
  return router
}
