import type { MailPatience } from '../send-mail/contract.ts'

/** Durable process of one booked export. */
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
  /** Writes the file and makes it downloadable. Answers the mails to hand on. */
  writeExport(ask: { exportId: string }): Promise<{ mailIds: string[] }>
  /** A breakdown that no repetition mends, or one that lasted too long. */
  giveUpExport(ask: { exportId: string; code: string }): Promise<{ mailIds: string[] }>
}
