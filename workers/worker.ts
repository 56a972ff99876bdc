import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Runtime, Worker, type NativeConnection } from '@temporalio/worker'
import { removeDeadParts } from '../activities/archive.ts'
import { createActivities } from '../activities/index.ts'
import { createRptClient } from '../activities/node/rpt/client.ts'
import { failAsOurs } from '../activities/failures.ts'
import { READ_LIMITS } from '../activities/import-flow/read-chunk.ts'
import { createMailer } from '../activities/mail/mailer.ts'
import { createDb, isReachable } from '../db/ground/connection.ts'
import { createFileStore, keepPrivate } from '../services/file-store.ts'
import { createProcesses } from '../workflows/processes.ts'
import { quadraturaSource, reportingSource } from './reporting-source.ts'
import { startAdmin } from './admin.ts'
import { connectWorker, createLog, createTemporalClient } from './clients.ts'
import { configOrExit, type Config } from './config.ts'
import { KB } from './variables/files.ts'
import { refuseSuperuser } from './role.ts'
import { onShutdown } from './shutdown.ts'
import { spaceChecks } from './space.ts'
import { startSweep } from './sweep.ts'

const WORKFLOW_QUEUE = 'payments'
/** Each chunk of a file takes seconds of processor time: more at once would slow each other down and take memory. */
const ACTIVITIES_AT_ONCE: Record<string, number> = { flows: 3 }
/** The build makes the bundle, because bundling here would cost seconds at every restart. */
const WORKFLOWS = { codePath: fileURLToPath(new URL('../workflow-bundle.js', import.meta.url)) }

// onShutdown below handles signals: the runtime's own handler would stop the workers before the sweep and the clients.
Runtime.install({ shutdownSignals: [] })
const config = configOrExit(process.env)
const queues = config.WORKER_QUEUES
// A lower priority for files, so that citizens and the node get the processor first.
if (queues.every((queue) => queue === 'flows')) setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
const log = createLog(config, `worker:${queues.join(',')}`)
const db = createDb({ url: config.DATABASE_URL, pool: 12, name: 'mypay-worker', log })
const filesFolder = join(config.DATA_DIR, 'files')
await keepPrivate(filesFolder)
await refuseSuperuser(db, config, log)
const files = createFileStore(filesFolder)
await removeDeadParts(files)
const mailer = createMailer({ url: config.SMTP_URL, from: config.MAIL_FROM })

const connection = await connectWorker(config, log)
const workers = await createWorkers(config, connection)
const temporal = createTemporalClient(config)
const processes = createProcesses(temporal.client, config.patience)
const post = { maintainer: config.MAINTAINER_EMAIL, mailHost: new URL(config.PUBLIC_URL).hostname }
const stopSweep = startSweep({
  db,
  processes,
  files,
  post,
  noticesPerMinute: config.NOTICE_MAILS_PER_MINUTE,
  isReporting: reportingSource(config) !== undefined,
  reportedWithinDays: config.FDR_WORKING_DAYS,
  log,
  ...config.sweep,
})
const running = Promise.all(workers.map((worker) => worker.run()))
const admin = await startAdmin({
  port: config.ADMIN_PORT,
  host: config.ADMIN_HOST,
  checks: {
    database: () => isReachable(db),
    temporal: () => connection.ensureConnected().then(() => true),
    ...spaceChecks(filesFolder),
  },
})
log.info({ queues }, 'worker ready')
onShutdown(log, [
  stopSweep,
  () => workers.forEach((worker) => worker.shutdown()),
  () => running,
  () => connection.close(),
  () => temporal.close(),
  () => db.destroy(),
  () => void admin.close(),
])
running.catch((error: unknown) => {
  // The supervisor starts another process, so the whole process ends.
  log.error({ err: error }, 'worker failed')
  process.exit(1)
})

async function createWorkers(of: Config, native: NativeConnection): Promise<Worker[]> {
  const activities = createActivities({
    db,
    node: createRptClient({
      url: of.NODO_URL,
      station: { broker: of.NODO_BROKER, station: of.NODO_STATION, password: of.NODO_PASSWORD },
      subscriptionKey: of.NODO_SUBSCRIPTION_KEY,
      timeoutMs: of.NODO_TIMEOUT_MS,
    }),
    reporting: reportingSource(of),
    quadratura: quadraturaSource(of),
    mailer,
    station: of.NODO_STATION,
    publicUrl: of.PUBLIC_URL,
    linkKeys: of.LINK_KEYS,
    isTest: !of.isProduction,
    files,
    readLimits: { ...READ_LIMITS, lineBytes: of.UPLOAD_LINE_KB * KB },
  })
  return Promise.all(
    queues.map((taskQueue) =>
      Worker.create({
        connection: native,
        namespace: of.TEMPORAL_NAMESPACE,
        taskQueue,
        activities,
        interceptors: { activity: [failAsOurs] },
        ...(taskQueue === WORKFLOW_QUEUE ? { workflowBundle: WORKFLOWS } : {}),
        maxConcurrentActivityTaskExecutions: ACTIVITIES_AT_ONCE[taskQueue] ?? 20,
        shutdownGraceTime: '10 seconds',
      }),
    ),
  )
}
