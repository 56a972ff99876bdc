import { shownFlowState } from '../../../domain/flow/shown-state.ts'
import type { FlowState } from '../../../domain/states.ts'
import { stateChip, type Chip } from '../../chip.ts'
import { wholeNumber } from '../../format.ts'
import { t } from '../../language.ts'

interface FlowCounts {
  state: FlowState
  rowsRead: number
  rowsRejected: number
}

/** What operators read of a file of dues, with the count of what was left out. */
export function flowWords(flow: FlowCounts): string {
  const shown = shownFlowState(flow)
  if (shown !== 'partly_loaded') return t(`flows.state.${shown}`)
  const { rowsRejected } = flow
  return t('flows.partlyLoaded', { count: rowsRejected, shown: wholeNumber(rowsRejected) })
}

export const flowChip = (flow: FlowCounts): Chip => stateChip('flow', shownFlowState(flow), flowWords(flow))
