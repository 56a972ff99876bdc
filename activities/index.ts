import type { Knex } from 'knex'
import type { PayCartActivities } from '../workflows/pay-cart/contract.ts'
import type { SendMailActivities } from '../workflows/send-mail/contract.ts'
import type { FileStore } from '../services/file-store.ts'
import type { KeyRing } from '../templates/signature.ts'
import type { ImportFlowActivities } from '../workflows/import-flow/contract.ts'
import type { CancelFlowActivities } from '../workflows/cancel-flow/contract.ts'
import type { ExportFlowActivities } from '../workflows/export-flow/contract.ts'
import type { LoadTreasuryActivities } from '../workflows/load-treasury/contract.ts'
import type { BulkActActivities } from '../workflows/bulk-act/contract.ts'
import type { FetchReportingActivities } from '../workflows/fetch-reporting/contract.ts'
import { createBulkActActivities } from './bulk-act/index.ts'
import type { ConvertSheetActivities } from '../workflows/convert-sheet/contract.ts'
import { createConvertSheetActivities } from './convert-sheet/index.ts'
import { createTreasuryActivities } from './load-treasury/index.ts'
import { createExportFlowActivities } from './export-flow/index.ts'
import { createCancelFlowActivities } from './cancel-flow/index.ts'
import { createImportFlowActivities, type ImportDeps } from './import-flow/index.ts'
import type { Mailer } from './mail/mailer.ts'
import { createMailActivities } from './mail/send.ts'
import type { Node } from './node/port.ts'
import { createReportingActivities } from './reporting/index.ts'
import { NO_SOURCE, type QuadraturaSource, type ReportingSource } from './reporting/source.ts'
import { createPayCartActivities } from './pay-cart/index.ts'

export type Activities = PayCartActivities &
  SendMailActivities &
  ImportFlowActivities &
  CancelFlowActivities &
  ExportFlowActivities &
  BulkActActivities &
  ConvertSheetActivities &
  LoadTreasuryActivities &
  FetchReportingActivities

export interface ActivityDeps {
  db: Knex
  node: Node
  /** Undefined where no reporting flows are fetched. */
  reporting?: ReportingSource | undefined
  /** Undefined where quadratura is switched off. */
  quadratura?: QuadraturaSource | undefined
  mailer: Mailer
  station: string
  publicUrl: string
  /** Signs the links in mails. */
  linkKeys: KeyRing
  isTest: boolean
  files: FileStore
  readLimits?: ImportDeps['readLimits']
}

export function createActivities(deps: ActivityDeps): Activities {
  const mailHost = new URL(deps.publicUrl).hostname
  return {
    ...createPayCartActivities({ ...deps, mailHost }),
    ...createMailActivities(deps),
    ...createImportFlowActivities({ ...deps, mailHost }),
    ...createCancelFlowActivities(deps),
    ...createExportFlowActivities({ ...deps, mailHost }),
    ...createBulkActActivities(deps),
    ...createConvertSheetActivities(deps),
    ...createTreasuryActivities(deps),
    ...createReportingActivities({ ...deps, reporting: deps.reporting ?? NO_SOURCE }),
  }
}
