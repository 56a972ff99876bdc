import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker'
import { failAsOurs } from '../../activities/failures.ts'
import { TWIN, type TwinActivities } from './contract.ts'
import { reportTo } from './reports.ts'

/** The twin's worker, with the settings of workers/worker.ts. */
const QUEUES = ['payments', 'nodo', 'mail']
const report = reportTo(Number(process.env['TWIN_REPORT_PORT']))

const activities: TwinActivities = {
  beginCart: async () => undefined,
  sendCart: async () => undefined,
  settleCart: async ({ id }) => report.tell('settled', id),
  sendMail: async ({ id }) => report.tell('mailed', id),
}

const connection = await connectWhenKnown(process.env['TEMPORAL_ADDRESS']!)
const workflowBundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
  logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} },
})
const workers = await Promise.all(
  QUEUES.map((taskQueue) =>
    Worker.create({
      connection,
      namespace: TWIN.namespace,
      taskQueue,
      activities,
      interceptors: { activity: [failAsOurs] },
      ...(taskQueue === TWIN.taskQueue ? { workflowBundle } : {}),
      maxConcurrentActivityTaskExecutions: 20,
      shutdownGraceTime: '10 seconds',
    }),
  ),
)
const running = Promise.all(workers.map((worker) => worker.run()))
const server = createServer((_req, res) => void res.end('ready'))
server.listen(Number(process.env['ADMIN_PORT']))
process.once('SIGTERM', () => void stop())
await running

async function stop(): Promise<void> {
  workers.forEach((worker) => worker.shutdown())
  await running
  server.close()
  report.close()
  await connection.close()
}

/** Waits until the server knows the namespace, which takes a moment after its registration. @throws after 100 tries */
async function connectWhenKnown(address: string): Promise<NativeConnection> {
  const native = await NativeConnection.connect({ address })
  for (let attempt = 0; ; attempt++) {
    try {
      await native.workflowService.describeNamespace({ namespace: TWIN.namespace })
      return native
    } catch (error) {
      if (attempt === 100) throw error
      await new Promise((resolve) => {
        setTimeout(resolve, 200)
      })
    }
  }
}
