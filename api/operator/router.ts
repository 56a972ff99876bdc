import { Router } from 'express'
import type { AppDeps } from '../deps.ts'
import { enteOnly, joinedAs, operatorsOnly } from '../access/operator.ts'
import { enteAnomalies } from './anomalies.ts'
import { editDuePages } from './edit-due.ts'
import { newDuePages } from './new-due.ts'
import { mailAgain } from './mail-again.ts'
import { noticeMailLog } from './notice-mails.ts'
import { sendNoticePages } from './send-notice.ts'
import { askReceipt } from './ask-receipt.ts'
import { bulkActPages } from './bulk-acts.ts'
import { bulkConfirmPages } from './bulk-confirm.ts'
import { cancelDuePages } from './cancel-due.ts'
import { cancelFlowPages } from './cancel-flow.ts'
import { dueDocuments } from './due-documents.ts'
import { duePage } from './due.ts'
import { duesCsv } from './dues-csv.ts'
import { duesSheet } from './dues-sheet.ts'
import { duesPages } from './dues.ts'
import { draftPages } from './draft.ts'
import { enteHome } from './ente-home.ts'
import { exampleFlow } from './example-flow.ts'
import { exportPages } from './exports.ts'
import { homePages } from './home.ts'
import { savedSearchForms } from './saved-searches.ts'
import { importFlowPages } from './import-flow.ts'
import { matchPages } from './match.ts'
import { reconciliationPages } from './reconciliation.ts'
import { quadraturePages } from './quadrature.ts'
import { reportingPages } from './reporting.ts'
import { reportingFlowPages } from './reporting-flow.ts'
import { reportingFiles } from './reporting-files.ts'
import { treasuryPages } from './treasury.ts'
import { treasuryCreditPage } from './treasury-credit.ts'
import { treasuryCreditPages } from './treasury-credits.ts'
import { treasuryFilePages } from './treasury-file.ts'
import { treasuryProposalPages } from './treasury-proposals.ts'
import { treasuryWhoPages } from './treasury-who.ts'
import { rejectsDownloads } from './rejects-download.ts'
import { sheetTemplate } from './sheet-template.ts'

/** The pages of operators. The grants of the moment of a request decide what it shows. */
export function operatorRouter(deps: AppDeps): Router {
  const router = Router()
  router.use('/operatore', operatorsOnly(deps))
  router.use('/operatore/:codIpa', enteOnly(deps.db))
  router.use('/operatore/:codIpa/flussi', joinedAs('flows'))
  router.use(
    homePages(deps.db),
    enteHome(deps),
    exampleFlow(deps),
    rejectsDownloads(deps),
    sheetTemplate(deps),
    draftPages(deps),
    importFlowPages(deps),
    cancelFlowPages(deps),
    newDuePages(deps),
    editDuePages(deps),
    duesPages(deps),
    duesCsv(deps),
    duesSheet(deps),
    savedSearchForms(deps),
    bulkConfirmPages(deps),
    bulkActPages(deps),
    duePage(deps),
    cancelDuePages(deps),
    sendNoticePages(deps),
    noticeMailLog(deps),
    askReceipt(deps),
    mailAgain(deps),
    dueDocuments(deps),
    exportPages(deps),
    reportingFiles(deps),
    reportingPages(deps),
    quadraturePages(deps),
    reportingFlowPages(deps),
    reconciliationPages(deps),
    matchPages(deps),
    treasuryPages(deps),
    treasuryFilePages(deps),
    treasuryCreditPages(deps),
    treasuryCreditPage(deps),
    treasuryProposalPages(deps),
    treasuryWhoPages(deps),
    enteAnomalies(deps),
  )
  return router
}
