import type { FlowState } from '../states.ts'

/**
 * States of a file as pages show them. The stored state `loaded` means only that every row was processed, so it is
 * shown as loaded, partly loaded or all rejected. A file that is only checked has words of its own for every state, so
 * that it never looks loaded.
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
  'checking',
  'check_clean',
  'check_partly',
  'check_all_rejected',
  'check_ended',
] as const

export type ShownFlowState = (typeof SHOWN_FLOW_STATES)[number]

/** What decides how the state of a file is shown. */
export interface FlowToShow {
  state: FlowState
  isCheck: boolean
  rowsRead: number
  rowsRejected: number
}

type Ended = 'clean' | 'partly' | 'all'

const LOADED = { clean: 'loaded', partly: 'partly_loaded', all: 'all_rejected' } as const
const CHECKED = { clean: 'check_clean', partly: 'check_partly', all: 'check_all_rejected' } as const

export function shownFlowState(flow: FlowToShow): ShownFlowState {
  if (flow.state === 'checked') return CHECKED[endOf(flow)]
  if (flow.isCheck) return flow.state === 'queued' || flow.state === 'loading' ? 'checking' : 'check_ended'
  return flow.state === 'loaded' ? LOADED[endOf(flow)] : flow.state
}

function endOf({ rowsRead, rowsRejected }: FlowToShow): Ended {
  if (rowsRejected === 0) return 'clean'
  return rowsRejected < rowsRead ? 'partly' : 'all'
}
