import { Connection } from '@temporalio/client'
import { type Child, startChild } from './child.ts'
import { isPortFree } from './ports.ts'
import { processesWithArgument, stopProcess } from './processes.ts'
import { temporalBinary } from './temporal-binary.ts'
import { waitReady } from './wait.ts'

export interface TemporalOptions {
  port: number
  /** Port of the web pages; without it the server has none. */
  uiPort?: number
  /** File of the store; without it the store is in memory. */
  dbFile?: string
  logFile: string
  /** Dynamic configuration, such as `frontend.WorkflowTimeSkippingEnabled: true`. */
  dynamic?: Record<string, unknown>
}

export interface Temporal {
  address: string
  child: Child
  stop(): Promise<void>
}

const SEARCH_ATTRIBUTES = {
  EnteId: 'Keyword',
  Iuv: 'Keyword',
  FlowId: 'Keyword',
  State: 'Keyword',
  NeedsAttention: 'Bool',
}
const DYNAMIC = {
  'matching.enableFairness': true,
  // With the default of 20 polls a second each step of a process would wait up to 50 ms for the server's next poll.
  'history.transferProcessorMaxPollRPS': 1_000,
  'history.timerProcessorMaxPollRPS': 1_000,
}
/**
 * Lets tests skip the timers of single workflows.
 * @internal because no start of the product may skip time.
 */
export const TIME_SKIPPING = {
  'frontend.WorkflowTimeSkippingEnabled': true,
  'system.workflowTimeSkippingEnabled': true,
  // With the default of 1 s each skipped timer would take a second.
  'history.timerProcessorMaxTimeShift': '10ms',
}
/** Finished workflows are kept for 30 days; the default of the development server is one day. */
const RETENTION_SECONDS = 30 * 24 * 3600
const READY_MS = 60_000
const STALE_MS = 10_000

/** Temporal's development server, with our search attributes and 30 days of finished workflows. */
export async function startTemporal(options: TemporalOptions, tries = 3): Promise<Temporal> {
  if (options.dbFile) await stopStale(options.dbFile)
  const child = await startChild({
    command: temporalBinary(),
    args: argsOf(options),
    logFile: options.logFile,
  })
  const address = `127.0.0.1:${options.port}`
  const probe = () => setRetention(address)
  try {
    await waitReady({ name: 'Temporal', child, logFile: options.logFile, probe, timeoutMs: READY_MS })
  } catch (error) {
    const hasEnded = !child.isAlive()
    await child.stop()
    // The server chooses ports for its inner services and ends when another connection takes one meanwhile: start it again.
    if (hasEnded && tries > 1 && (await isPortFree(options.port))) return startTemporal(options, tries - 1)
    throw error
  }
  return { address, child, stop: () => child.stop() }
}

function argsOf({ port, uiPort, dbFile, dynamic }: TemporalOptions): string[] {
  const pairs = (flag: string, values: object) =>
    Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`])
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
    ...(uiPort ? ['--ui-port', String(uiPort), '--ui-disable-news-fetch'] : ['--headless']),
    ...(dbFile
      ? ['--db-filename', dbFile, ...pairs('--sqlite-pragma', { journal_mode: 'wal', synchronous: 1 })]
      : []),
    ...pairs('--search-attribute', SEARCH_ATTRIBUTES),
    ...pairs('--dynamic-config-value', jsonValues({ ...DYNAMIC, ...dynamic })),
    ...['--log-level', 'warn'],
  ]
}

function jsonValues(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]))
}

/** Stops a server that outlived the process that started it, because it holds the file. */
async function stopStale(dbFile: string): Promise<void> {
  for (const { pid } of processesWithArgument(dbFile)) await stopProcess(pid, 'SIGTERM', STALE_MS)
}

async function setRetention(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 2_000 })
  try {
    // The types want a Long for the seconds, and the library takes a number too.
    const config: object = { workflowExecutionRetentionTtl: { seconds: RETENTION_SECONDS } }
    await connection.workflowService.updateNamespace({ namespace: 'default', config })
  } finally {
    await connection.close()
  }
}
