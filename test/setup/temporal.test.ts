import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { daysSlept, sleeper } from './fixtures/sleeper.ts'
import { fastForward, testTemporal } from './temporal.ts'

const DAY_SECONDS = 86_400

let env: TestWorkflowEnvironment
beforeAll(async () => {
  env = await testTemporal()
})
afterAll(() => env.teardown())

test('thirty days of one workflow pass in seconds', async () => {
  const taskQueue = randomUUID()
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./fixtures/sleeper.ts', import.meta.url)),
  })
  await worker.runUntil(async () => {
    const handle = await env.client.workflow.start(sleeper, { taskQueue, workflowId: `sleeper:${taskQueue}` })
    const startedAt = Date.now()
    await fastForward(env, handle, 30 * DAY_SECONDS + 60)
    expect(await handle.query(daysSlept)).toBe(30)
    expect(Date.now() - startedAt).toBeLessThan(10_000)
    await handle.terminate()
  })
})

test('finished workflows are kept for thirty days', async () => {
  const { config } = await env.connection.workflowService.describeNamespace({ namespace: 'default' })
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * DAY_SECONDS)
})
