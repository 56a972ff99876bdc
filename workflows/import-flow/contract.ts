import type { FlowState } from '../../domain/states.ts'
import type { MailPatience } from '../send-mail/contract.ts'

/** Durable process of one file of dues. Ids only: nothing of the file enters its history. */
export const IMPORT_FLOW = {
  name: 'importFlow',
  taskQueue: 'payments',
  id: (flowId: string): string => `import:${flowId}`,
} as const

export interface ImportFlowInput {
  flowId: string
  /** Enti that load at the same time share the workers: work is handed out by this key. */
  enteId: string
  patience: ImportPatience
  mail: MailPatience
}

export interface ImportPatience {
  /** How long one piece of work may go on before others have a turn, ms. */
  sliceMs: number
  /** How often a file that waits for its turn looks by itself, ms. */
  lookAgainMs: number
}

export const IMPORT_PATIENCE: ImportPatience = { sliceMs: 3_000, lookAgainMs: 60_000 }

export const PAUSE = 'pause'
export const RESUME = 'resume'
/** What an operator may ask of a file under way; to cancel it is another process. */
export type FlowRequest = 'pause' | 'resume'

/** What the process needs to know to take its next step. */
export interface ImportStatus {
  state: FlowState
  next: 'work' | 'wait' | 'over'
  /** Mails to hand on. */
  mailIds: string[]
  /** The file of the ente whose turn it is now. */
  nextFlowId: string | null
}

export interface ImportFlowActivities {
  /** Does what comes next, for at most `sliceMs`. */
  advanceImport(ask: { flowId: string; sliceMs: number }): Promise<ImportStatus>
  askOfImport(ask: { flowId: string; request: FlowRequest }): Promise<FlowState | null>
  /** A breakdown that no repetition mends: the file is refused, and what is loaded stays told. */
  giveUpImport(ask: { flowId: string; code: string }): Promise<ImportStatus>
}
