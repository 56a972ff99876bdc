import type { ProcessWords } from '../words.ts'

/** The durable process that turns one spreadsheet into the documented form. Its history has ids and counts only. */
export const CONVERT_SHEET = {
  name: 'convertSheet',
  taskQueue: 'payments',
  id: (draftId: string): string => `convert:${draftId}`,
} as const

export interface ConvertSheetInput {
  draftId: string
  /** The fairness key: enti that send sheets at the same time share the workers. */
  enteId: string
}

export interface ConvertSheetActivities {
  /** Writes the converted file and the preview, or records why the sheet is refused. */
  convertSheet(ask: { draftId: string }): Promise<ProcessWords>
  /** Refuses the sheet after an error that no retry mended. */
  giveUpSheet(ask: { draftId: string }): Promise<ProcessWords>
}
