import type { FlowState } from '../../domain/states.ts'

/** Durable process that cancels the dues of a file. */
export const CANCEL_FLOW = {
  name: 'cancelFlow',
  taskQueue: 'payments',
  id: (flowId: string): string => `cancel-flow:${flowId}`,
} as const

export interface CancelFlowInput {
  flowId: string
  enteId: string
  /** How long one piece of work may go on before others have a turn, ms. */
  sliceMs: number
}

export interface CancelFlowActivities {
  /** Cancels what can still be paid, for at most `sliceMs`. */
  cancelSlice(ask: { flowId: string; sliceMs: number }): Promise<{ state: FlowState | null; isOver: boolean }>
}
