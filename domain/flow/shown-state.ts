import type { FlowState } from '../states.ts'

/** What people read of a file: `loaded` says that it was gone through to its end, not that anything of it is there. */
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
