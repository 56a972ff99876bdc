import { shownFlowState, type FlowToShow } from '../../../domain/flow/shown-state.ts'
import { stateChip, type Chip } from '../../chip.ts'
import { wholeNumber } from '../../format.ts'
import { t } from '../../language.ts'

/** What operators read of a file of dues, with the count of what was left out. */
export function flowWords(flow: FlowToShow): string {
  const shown = shownFlowState(flow)
  if (shown !== 'partly_loaded' && shown !== 'check_partly') return t(`flows.state.${shown}`)
  const { rowsRejected } = flow
  return t(`flows.counted.${shown}`, { count: rowsRejected, shown: wholeNumber(rowsRejected) })
}

export const flowChip = (flow: FlowToShow): Chip => stateChip('flow', shownFlowState(flow), flowWords(flow))
