import type { FlowState } from '../states.ts'

/**
 * The state of a file as the software of its ente sees it. A file that an operator cancelled is reported as aborted
 * even if it had been loaded: its payable dues are cancelled, and software must not count on them. Source:
 * docs/field/files.md#states-for-software.
 */
const IMPORT_STATE_CODES = {
  queued: 'LOAD_IMPORT',
  loading: 'IMPORT_IN_ELAB',
  paused: 'IMPORT_IN_ELAB',
  writing: 'IMPORT_IN_ELAB',
  loaded: 'IMPORT_ESEGUITO',
  // Software does not check files; it never sees this one.
  checked: 'IMPORT_ABORTITO',
  refused: 'IMPORT_ABORTITO',
  stopped: 'IMPORT_ABORTITO',
  cancelling: 'IMPORT_ABORTITO',
  cancelled: 'IMPORT_ABORTITO',
} as const satisfies Record<FlowState, string>

/** The error code if there is one, else the code of the state. */
export const importStateCode = ({
  state,
  errorCode,
}: {
  state: FlowState
  errorCode: string | null
}): string => errorCode ?? IMPORT_STATE_CODES[state]

/** Kinds of outcome file; each is the suffix of the file's name. */
export const OUTCOME_FILES = ['IUV', 'SCARTI', 'AVVISI_PDF'] as const
export type OutcomeFile = (typeof OUTCOME_FILES)[number]

/** The outcome files that exist once they are written. Files without rows are not made. */
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
