import { randomUUID } from 'node:crypto'
import type { WorkflowHandle } from '@temporalio/client'

const WORKFLOW_TASK_COMPLETED = 7

/** Resets a workflow to its first task, like "Reset" of the Temporal UI; signals and updates are applied again. */
export async function resetToStart(handle: WorkflowHandle): Promise<string> {
  const { events } = await handle.fetchHistory()
  const first = events!.find((event) => event.eventType === WORKFLOW_TASK_COMPLETED)
  const { runId } = await handle.describe()
  const answer = await handle.client.workflowService.resetWorkflowExecution({
    namespace: handle.client.options.namespace,
    workflowExecution: { workflowId: handle.workflowId, runId },
    reason: 'to an earlier point',
    workflowTaskFinishEventId: first!.eventId!,
    requestId: randomUUID(),
  })
  return answer.runId
}
