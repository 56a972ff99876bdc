import { randomUUID } from 'node:crypto'
import type { WorkflowHandle } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { inject } from 'vitest'

const DONE = 2
const FAILED = 3

/** Connects to the Temporal server of the run. Call `teardown()` in `afterAll`. */
export function testTemporal(): Promise<TestWorkflowEnvironment> {
  return TestWorkflowEnvironment.createFromExistingServer({ address: inject('temporalAddress') })
}

/**
 * Moves the clock of one workflow forward by `seconds` and fires its timers on the way; resolves at that time.
 * Activities, the database and other workflows keep the real clock.
 * @throws when the workflow ends before that time
 */
export async function fastForward(
  env: TestWorkflowEnvironment,
  handle: WorkflowHandle,
  seconds: number,
): Promise<void> {
  const service = env.connection.workflowService
  const target = {
    namespace: handle.client.options.namespace,
    workflowExecution: { workflowId: handle.workflowId },
  }
  const fastForwardId = randomUUID()
  await service.updateWorkflowExecutionOptions({
    ...target,
    workflowExecutionOptions: {
      timeSkippingConfig: {
        enabled: true,
        // The server's default of 100 is too low for daily timers over months.
        maxSessionSkipCount: 10_000,
        fastForwardConfig: { id: fastForwardId, duration: durationOf(seconds) },
      },
    },
    updateMask: { paths: ['time_skipping_config'] },
  })
  for (;;) {
    const answer = await service.pollWorkflowExecutionTimeSkipping({ ...target, fastForwardId })
    if (answer.fastForwardPollingResult === DONE) return
    if (answer.fastForwardPollingResult === FAILED) throw new Error(`not forwarded: ${answer.failedReason}`)
  }
}

function durationOf(seconds: number) {
  const whole = Math.floor(seconds)
  return { seconds: whole as never, nanos: Math.round((seconds - whole) * 1e9) }
}
