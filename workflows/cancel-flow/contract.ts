import type { FlowState } from '../../domain/states.ts'
import type { ProcessWords } from '../words.ts'

/** The durable process that cancels the dues of a file. */
export const CANCEL_FLOW = {
  name: 'cancelFlow',
  taskQueue: 'payments',
  id: (flowId: string): string => `cancel-flow:${flowId}`,
} as const

export interface CancelFlowInput {
  flowId: string
  enteId: string
  /** Maximum duration of one activity in ms, so that other files get their turn. */
  sliceMs: number
}

export interface CancelStatus {
  state: FlowState | null
  isOver: boolean
  /** Missing in a result stored by an older version. */
  words?: ProcessWords
}

export interface CancelFlowActivities {
  /** Cancels dues that can still be paid, for at most `sliceMs`. */
  cancelSlice(ask: { flowId: string; sliceMs: number }): Promise<CancelStatus>
}
