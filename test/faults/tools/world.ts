import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import type { Knex } from 'knex'
import { createDb } from '../../../db/ground/connection.ts'
import { migrate } from '../../../db/ground/migrate.ts'
import { seedDemo } from '../../../services/ente/seed-demo.ts'
import { startSimulator, type Simulator } from '../../../simulator/server.ts'
import { createProcesses, type Processes } from '../../../workflows/processes.ts'
import {
  BROKER,
  choosePorts,
  environmentOf,
  REPORTING_KEYS,
  reportingOf,
  STATION,
  tempFolderIn,
  type Gates,
  type Ports,
} from './environment.ts'
import { openGate } from './gate.ts'
import { FAST } from './pace.ts'
import { createPart, type Part } from './part.ts'
import { databaseServer, temporalServer, type DatabaseServer, type TemporalServer } from './servers.ts'

/** Pauses in ms after which the node repeats an RT. */
export const RETRIES = Array<number>(100).fill(400)

export interface World {
  /** Connection directly to PostgreSQL, not through the gate. */
  db: Knex
  processes: Processes
  /** Client of Temporal, for tests that look at processes or change them there. */
  client: Client
  simulator: Simulator
  postgres: DatabaseServer
  temporal: TemporalServer
  gates: Gates
  worker: Part
  /** Worker of files of dues and exports only, like that of `npm start`. It runs only with `withFiles`. */
  flows: Part
  /** A second worker of files, which a test can start. */
  spareFlows: Part
  api: Part
  urls: { public: string; nodePort: string; admin: string }
  folder: string
  /** Paths of the logs of our processes. */
  logs: string[]
  close(): Promise<void>
}

export interface GivenWorld {
  seed?: number
  /** Settings of PostgreSQL. */
  postgres?: Record<string, string>
  /** Also starts the worker of files. */
  withFiles?: boolean
  /** Flows of reporting are fetched from the simulator, for each ente by its schedule. */
  withReporting?: boolean
  /** Called with the data folder before our own processes start, when everything else runs. */
  beforeParts?: (folder: string) => void
}

/** Starts the whole product as separate processes, with a gate on every connection between them. */
export async function startWorld(given: GivenWorld = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'mypay-world-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
  mkdirSync(tempFolderIn(folder))
  const ports = await choosePorts()
  const [postgres, temporal] = await Promise.all([
    databaseServer(folder, ports.postgres, given.postgres),
    temporalServer(folder, ports.temporal),
  ])
  const publicUrl = `http://127.0.0.1:${ports.public}`
  const nodePort = await openGate({ port: ports.nodePort })
  const simulator = await startOutside({ folder, publicUrl, nodePort: nodePort.port, seed: given.seed ?? 1 })
  const gates: Gates = {
    database: await openGate({ port: ports.postgres }),
    temporal: await openGate({ port: ports.temporal }),
    nodePort,
    smtp: await openGate({ port: Number(new URL(simulator.smtpUrl).port) }),
    node: await openGate({ port: Number(new URL(simulator.nodeUrl).port) }),
  }
  const db = createDb({ url: postgres.url, pool: 8, name: 'world' })
  await migrate(db)
  await seedDemo(db)
  const wiring = { folder, ports, gates, simulator, publicUrl, databaseUrl: postgres.url }
  const env = { ...environmentOf(wiring), ...(given.withReporting ? reportingOf(wiring) : {}) }
  given.beforeParts?.(folder)
  const parts = await startParts(folder, ports, { env, withFiles: given.withFiles ?? false })
  const connection = Connection.lazy({ address: temporal.address })
  const client = new Client({ connection })
  return {
    db,
    client,
    processes: createProcesses(client, FAST),
    simulator,
    postgres,
    temporal,
    gates,
    ...parts,
    urls: {
      public: publicUrl,
      nodePort: `http://127.0.0.1:${nodePort.port}`,
      admin: `http://127.0.0.1:${ports.apiAdmin}`,
    },
    folder,
    async close() {
      const { worker, flows, spareFlows, api } = parts
      await Promise.all([worker, flows, spareFlows, api].map((part) => part.stop()))
      await simulator.close()
      await db.destroy().catch(() => undefined)
      await connection.close()
      await Promise.all(Object.values(gates).map((gate) => gate.close()))
      await Promise.all([temporal.stop(), postgres.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Outside {
  folder: string
  publicUrl: string
  nodePort: number
  seed: number
}

const startOutside = ({ folder, publicUrl, nodePort, seed }: Outside): Promise<Simulator> =>
  startSimulator({
    port: 0,
    smtpPort: 0,
    dataDir: folder,
    nodePortUrl: `http://127.0.0.1:${nodePort}`,
    returnUrl: `${publicUrl}/ritorno`,
    broker: BROKER,
    station: STATION,
    password: 'password1',
    reportingKeys: [...REPORTING_KEYS],
    settings: {
      seed,
      rtDelayMs: 20,
      rtTimeoutMs: 3_000,
      rtRetryMs: RETRIES,
      deferredMs: 500,
      abandonedMs: 0,
    },
  })

type Parts = Pick<World, 'worker' | 'flows' | 'spareFlows' | 'api' | 'logs'>

async function startParts(
  folder: string,
  ports: Ports,
  { env, withFiles }: { env: Record<string, string>; withFiles: boolean },
): Promise<Parts> {
  const logs: string[] = []
  const part = (name: string, entry: 'worker' | 'api', adminPort: number, queues?: string): Part => {
    const logFile = join(folder, `${name}.log`)
    writeFileSync(logFile, '')
    logs.push(logFile)
    const own = queues === undefined ? env : { ...env, WORKER_QUEUES: queues }
    return createPart({ name, entry, adminPort, env: own, logFile })
  }
  const worker = part('worker', 'worker', ports.workerAdmin)
  const flows = part('flows', 'worker', ports.flowsAdmin, 'flows')
  const spareFlows = part('spare-flows', 'worker', ports.spareAdmin, 'flows')
  const api = part('api', 'api', ports.apiAdmin)
  const started = withFiles ? [worker, flows, api] : [worker, api]
  await Promise.all(started.map((one) => one.start()))
  return { worker, flows, spareFlows, api, logs }
}
