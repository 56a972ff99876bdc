import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Knex } from 'knex'
import { createDb } from '../../db/ground/connection.ts'
import { migrate } from '../../db/ground/migrate.ts'
import { freePort } from '../../tools/embedded/ports.ts'
import { startPostgres } from '../../tools/embedded/postgres.ts'
import { startTemporal } from '../../tools/embedded/temporal.ts'
import { listenToTwin, type TwinReports } from '../twin/reports.ts'
import { connectTwin, type TwinClient } from '../twin/client.ts'
import { environment } from './environment.ts'
import { createProgram, type Program } from './program.ts'

export interface World {
  db: Knex
  publicUrl: string
  simulatorUrl: string
  programs: Record<'worker' | 'api' | 'simulator' | 'twinWorker', Program>
  folder: string
  temporalAddress: string
  /** Pids of the servers. */
  servers: Record<'postgres' | 'temporal', number>
  twin: TwinClient
  reports: TwinReports
  close(): Promise<void>
}

type Ports = Awaited<ReturnType<typeof choosePorts>>

/**
 * Starts product, simulator and twin as processes of their own on real servers: commits reach the disk and Temporal stores
 * its data in a file. `withFlows` adds a worker for files of dues, like that of `npm start`.
 */
export async function startWorld({ withFlows = false } = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'mypay-bench-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
  const ports = await choosePorts()
  const log = (part: string): string => join(folder, `${part}.log`)
  const [postgres, temporal] = await Promise.all([
    startPostgres({ dataDir: join(folder, 'postgres'), port: ports.postgres, logFile: log('postgres') }),
    startTemporal({ port: ports.temporal, dbFile: join(folder, 'temporal.db'), logFile: log('temporal') }),
  ])
  const db = createDb({ url: postgres.url, pool: 8, name: 'bench' })
  await migrate(db)
  const reports = await listenToTwin()
  const twin = await connectTwin(temporal.address)
  const env = environment({
    folder,
    database: postgres.url,
    temporal: temporal.address,
    simulatorPort: ports.simulator,
    smtpPort: ports.smtp,
    publicPort: ports.public,
    nodePort: ports.node,
  })
  const { flows, ...programs } = createPrograms(ports, env, log, reports.port)
  const inOrder = [...Object.values(programs), ...(withFlows ? [flows] : [])]
  await Promise.all(inOrder.map((program) => program.start()))
  let closing: Promise<void> | undefined
  return {
    db,
    publicUrl: env['PUBLIC_URL']!,
    simulatorUrl: `http://127.0.0.1:${ports.simulator}`,
    programs,
    folder,
    temporalAddress: temporal.address,
    servers: { postgres: postgres.child.pid, temporal: temporal.child.pid },
    twin,
    reports,
    // A signal and the end of the run may both ask for it.
    close: () => (closing ??= closeAll()),
  }

  async function closeAll(): Promise<void> {
    await Promise.all(inOrder.map((program) => program.stop()))
    await Promise.all([db.destroy(), twin.close(), reports.close()])
    await Promise.all([postgres.stop(), temporal.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
}

const PORTS = [
  'postgres',
  'temporal',
  'public',
  'node',
  'admin',
  'worker',
  'flows',
  'simulator',
  'smtp',
  'twin',
] as const

async function choosePorts(): Promise<Record<(typeof PORTS)[number], number>> {
  const chosen = {} as Record<(typeof PORTS)[number], number>
  for (const name of PORTS) chosen[name] = await freePort()
  return chosen
}

function createPrograms(
  ports: Ports,
  env: Record<string, string>,
  log: (part: string) => string,
  reportPort: number,
): World['programs'] & { flows: Program } {
  const program = (
    name: string,
    entry: string,
    adminPort: number,
    extra: Record<string, string> = {},
  ): Program =>
    createProgram({
      name,
      entry,
      env: { ...env, ADMIN_PORT: String(adminPort), ...extra },
      logFile: log(name),
      readyUrl: `http://127.0.0.1:${adminPort}/readyz`,
    })
  return {
    worker: program('worker', 'workers/worker.js', ports.worker, { WORKER_QUEUES: 'payments,nodo,mail' }),
    flows: program('flows', 'workers/worker.js', ports.flows, { WORKER_QUEUES: 'flows' }),
    api: program('api', 'workers/api.js', ports.admin),
    simulator: createProgram({
      name: 'simulator',
      entry: 'simulator/main.js',
      env: { ...env, ...simulatorEnvironment(ports) },
      logFile: log('simulator'),
      readyUrl: `http://127.0.0.1:${ports.simulator}/_sim/behaviour`,
    }),
    twinWorker: program('twin', 'bench/twin/worker.js', ports.twin, { TWIN_REPORT_PORT: String(reportPort) }),
  }
}

const simulatorEnvironment = (ports: Ports): Record<string, string> => ({
  SIMULATOR_PORT: String(ports.simulator),
  SIMULATOR_SMTP_PORT: String(ports.smtp),
  SIMULATOR_NODO_PORT_URL: `http://127.0.0.1:${ports.node}`,
  SIMULATOR_RETURN_URL: `http://127.0.0.1:${ports.public}/ritorno`,
  // The simulated world answers at once, so that only our own time is measured.
  SIMULATOR_SETTINGS: JSON.stringify({ rtDelayMs: 0 }),
})
