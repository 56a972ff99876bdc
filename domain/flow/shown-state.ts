import type { FlowState } from '../states.ts'

/**
 * States of a file as pages show them. The stored state `loaded` means only that every row was processed, so it is
 * shown as loaded, partly loaded or all rejected.
 */
export const SHOWN_FLOW_STATES = [
  'queued',
  'loading',
  'paused',
  'writing',
  'loaded',
  'partly_loaded',
  'all_rejected',
  'refused',
  'stopped',
  'cancelling',
  'cancelled',
] as const satisfies readonly (FlowState | 'partly_loaded' | 'all_rejected')[]

export type ShownFlowState = (typeof SHOWN_FLOW_STATES)[number]

export function shownFlowState({
  state,
  rowsRead,
  rowsRejected,
}: {
  state: FlowState
  rowsRead: number
  rowsRejected: number
}): ShownFlowState {
  if (state !== 'loaded' || rowsRejected === 0) return state
  return rowsRejected < rowsRead ? 'partly_loaded' : 'all_rejected'
}
