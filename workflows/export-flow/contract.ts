import type { MailPatience } from '../send-mail/contract.ts'

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

export interface ExportFlowActivities {
  /** Writes the file and makes it downloadable. Returns the mails to start. */
  writeExport(ask: { exportId: string }): Promise<{ mailIds: string[] }>
  /**
   * Marks the export as failed, after an error that no retry can mend or that lasted too long. Returns the mails to
   * start.
   */
  giveUpExport(ask: { exportId: string; code: string }): Promise<{ mailIds: string[] }>
}
