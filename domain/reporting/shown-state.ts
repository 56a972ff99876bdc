import type { ReportingFlowState } from '../states.ts'

/** What people see of a flow: being fetched, here, here with something odd, or replaced by a newer revision. */
export const SHOWN_REPORTING_STATES = ['fetching', 'stored', 'flagged', 'old'] as const

export type ShownReportingState = (typeof SHOWN_REPORTING_STATES)[number]

export function shownReportingState(flow: {
  state: ReportingFlowState
  isCurrent: boolean
  flags: readonly string[]
}): ShownReportingState {
  if (flow.state === 'listed') return 'fetching'
  if (!flow.isCurrent) return 'old'
  return flow.flags.length > 0 ? 'flagged' : 'stored'
}
