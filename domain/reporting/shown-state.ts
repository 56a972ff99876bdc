import type { ReportingFlowState } from '../states.ts'

/** What people see of a flow: being fetched, here, here with something odd, replaced by a newer revision, or never given. */
export const SHOWN_REPORTING_STATES = ['fetching', 'stored', 'flagged', 'old', 'gone'] as const

export type ShownReportingState = (typeof SHOWN_REPORTING_STATES)[number]

export function shownReportingState(flow: {
  state: ReportingFlowState
  isCurrent: boolean
  flags: readonly string[]
}): ShownReportingState {
  if (flow.state === 'listed') return 'fetching'
  if (flow.state === 'gone') return 'gone'
  if (!flow.isCurrent) return 'old'
  return flow.flags.length > 0 ? 'flagged' : 'stored'
}
