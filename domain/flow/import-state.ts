import type { FlowState } from '../states.ts'

/**
 * What the software of an ente reads of a file it sent. A file that an operator cancelled is told as given up, also when it had been
 * loaded: its dues that could still be paid are cancelled, and software must not count on them. Source: docs/field/files.md#states-for-software.
 */
export const IMPORT_STATE_CODES = {
  queued: 'LOAD_IMPORT',
  loading: 'IMPORT_IN_ELAB',
  paused: 'IMPORT_IN_ELAB',
  writing: 'IMPORT_IN_ELAB',
  loaded: 'IMPORT_ESEGUITO',
  refused: 'IMPORT_ABORTITO',
  stopped: 'IMPORT_ABORTITO',
  cancelling: 'IMPORT_ABORTITO',
  cancelled: 'IMPORT_ABORTITO',
} as const satisfies Record<FlowState, string>

/** The code of the error when there is one, else of the state. */
export const importStateCode = ({
  state,
  errorCode,
}: {
  state: FlowState
  errorCode: string | null
}): string => errorCode ?? IMPORT_STATE_CODES[state]

/** By the endings of their names. */
export const OUTCOME_FILES = ['IUV', 'SCARTI', 'AVVISI_PDF'] as const
export type OutcomeFile = (typeof OUTCOME_FILES)[number]

/** Outcome files that a file has once it is written: those without rows are not made. */
export function outcomeFilesOf(flow: {
  rowsRead: number
  rowsRejected: number
  noticesPrinted: number
}): OutcomeFile[] {
  const isThere: Record<OutcomeFile, boolean> = {
    IUV: flow.rowsRead > flow.rowsRejected,
    SCARTI: flow.rowsRejected > 0,
    AVVISI_PDF: flow.noticesPrinted > 0,
  }
  return OUTCOME_FILES.filter((kind) => isThere[kind])
}
