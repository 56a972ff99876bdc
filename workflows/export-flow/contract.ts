import type { MailPatience } from '../send-mail/contract.ts'
import type { ProcessWords } from '../words.ts'

/** The durable process of one requested export. */
export const EXPORT_FLOW = {
  name: 'exportFlow',
  taskQueue: 'payments',
  id: (exportId: string): string => `export:${exportId}`,
} as const

export interface ExportFlowInput {
  exportId: string
  enteId: string
  mail: MailPatience
}

export interface ExportEnd {
  /** Mails to start. */
  mailIds: string[]
  /** Missing in a result stored by an older version. */
  words?: ProcessWords
}

export interface ExportFlowActivities {
  /** Writes the file and makes it downloadable. */
  writeExport(ask: { exportId: string }): Promise<ExportEnd>
  /** Marks the export as failed, after an error that no retry can mend or that lasted too long. */
  giveUpExport(ask: { exportId: string; code: string }): Promise<ExportEnd>
}
