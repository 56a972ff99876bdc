import {
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import { WAKE } from '../wake.ts'
import { tell } from '../words.ts'
import type { CancelFlowActivities, CancelFlowInput } from './contract.ts'

export const wakeCancel = defineSignal(WAKE)

/**
 * Cancels the payable dues of a file and ends when none is left. The transaction that requested this has also stopped
 * the loading, so no further chunk of the file can commit.
 */
export async function cancelFlow(input: CancelFlowInput): Promise<void> {
  // A wake changes nothing, because every step reads the tables anyway.
  setHandler(wakeCancel, () => undefined)
  upsertSearchAttributes({ EnteId: [input.enteId], FlowId: [input.flowId] })
  const flows = proxyActivities<CancelFlowActivities>({
    taskQueue: 'flows',
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '500 milliseconds', maximumInterval: '10 seconds' },
    priority: { fairnessKey: input.enteId },
  })
  for (;;) {
    const { isOver, words } = await flows.cancelSlice(input)
    tell(words)
    if (isOver) return
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof cancelFlow>(input)
  }
}
