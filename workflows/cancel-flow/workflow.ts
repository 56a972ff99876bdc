import {
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import { WAKE } from '../wake.ts'
import type { CancelFlowActivities, CancelFlowInput } from './contract.ts'

export const wakeCancel = defineSignal(WAKE)

/**
 * Whoever asked has stopped the loading in the same transaction that began this: no chunk commits any more. Ends when no due of
 * the file can still be paid.
 */
export async function cancelFlow(input: CancelFlowInput): Promise<void> {
  // Told again: it looks at the tables at each step anyway.
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
    const { isOver } = await flows.cancelSlice(input)
    if (isOver) return
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof cancelFlow>(input)
  }
}
