import type { FlowRequest } from '../../domain/flow/request.ts'
import type { FlowState } from '../../domain/states.ts'
import type { MailPatience } from '../send-mail/contract.ts'
import type { ProcessWords } from '../words.ts'

/** The durable process of one file of dues. Its input has only ids, and its history nothing of the file but its name. */
export const IMPORT_FLOW = {
  name: 'importFlow',
  taskQueue: 'payments',
  id: (flowId: string): string => `import:${flowId}`,
} as const

export interface ImportFlowInput {
  flowId: string
  /** The fairness key: enti that load at the same time share the workers. */
  enteId: string
  patience: ImportPatience
  mail: MailPatience
}

export interface ImportPatience {
  /** Maximum duration of one activity in ms, so that other files get their turn. */
  sliceMs: number
  /** How often a file that waits for its turn checks by itself, ms. */
  lookAgainMs: number
}

export const IMPORT_PATIENCE: ImportPatience = { sliceMs: 3_000, lookAgainMs: 60_000 }

export const PAUSE = 'pause'
export const RESUME = 'resume'
/** The facts that the process needs for its next step. */
export interface ImportStatus {
  state: FlowState
  next: 'work' | 'wait' | 'over'
  /** Mails to start. */
  mailIds: string[]
  /** The file of the same ente whose turn is next. */
  nextFlowId: string | null
  /** Missing in a result stored by an older version. */
  words?: ProcessWords
}

export interface ImportFlowActivities {
  /** Does the next step, for at most `sliceMs`. */
  advanceImport(ask: { flowId: string; sliceMs: number }): Promise<ImportStatus>
  askOfImport(ask: { flowId: string; request: FlowRequest }): Promise<FlowState | null>
  /** Refuses the file after an error that no retry can mend. Rows that are loaded stay loaded and are reported. */
  giveUpImport(ask: { flowId: string; code: string }): Promise<ImportStatus>
}
