import { fileURLToPath } from 'node:url'
import { randomUUID } from 'node:crypto'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker'
import { waitUntil } from './wait.ts'
import { failAsOurs } from '../../activities/failures.ts'
import { createActivities, type ActivityDeps } from '../../activities/index.ts'

let bundle: Promise<WorkflowBundle> | undefined

Runtime.install({ logger: new DefaultLogger('ERROR') })

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} }

export function workflowBundle(): Promise<WorkflowBundle> {
  bundle ??= bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
    logger: quiet,
  })
  return bundle
}

/** Makes a namespace, so that queue names and workflow ids of one test file do not meet those of another. */
export async function testNamespace(env: TestWorkflowEnvironment): Promise<string> {
  const namespace = `t-${randomUUID()}`
  await env.connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  })
  await eventually(() =>
    env.connection.operatorService.addSearchAttributes({ namespace, searchAttributes: ATTRIBUTES }),
  )
  return namespace
}

const KEYWORD = 2
const BOOL = 5
const ATTRIBUTES = { EnteId: KEYWORD, Iuv: KEYWORD, FlowId: KEYWORD, State: KEYWORD, NeedsAttention: BOOL }

/** Repeats `work` until it succeeds, because the server knows a new namespace only after a moment. */
async function eventually(work: () => Promise<unknown>): Promise<void> {
  await waitUntil(() =>
    work().then(
      () => true,
      () => false,
    ),
  )
}

/** Runs the product's workers of all queues in this process until `stop()`. */
export async function startWorkers(
  env: TestWorkflowEnvironment,
  namespace: string,
  deps: ActivityDeps,
): Promise<{ stop(): Promise<void> }> {
  const workflows = await workflowBundle()
  const activities = createActivities(deps)
  const workers = await Promise.all(
    ['payments', 'nodo', 'mail', 'flows'].map((taskQueue) =>
      Worker.create({
        connection: env.nativeConnection,
        namespace,
        taskQueue,
        activities,
        interceptors: { activity: [failAsOurs] },
        ...(taskQueue === 'payments' ? { workflowBundle: workflows } : {}),
        shutdownGraceTime: '1 second',
      }),
    ),
  )
  const running = Promise.all(workers.map((worker) => worker.run()))
  return {
    async stop() {
      workers.forEach((worker) => worker.shutdown())
      await running
    },
  }
}
