import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import type { Knex } from 'knex'
import { createDb } from '../../../db/connection.ts'
import { migrate } from '../../../db/migrate.ts'
import { seedDemo } from '../../../db/seed.ts'
import { startSimulator, type Simulator } from '../../../simulator/server.ts'
import { createProcesses, type Processes } from '../../../workflows/start.ts'
import {
  BROKER,
  choosePorts,
  environmentOf,
  STATION,
  tempFolderIn,
  type Gates,
  type Ports,
} from './environment.ts'
import { openGate } from './gate.ts'
import { FAST } from './pace.ts'
import { createPart, type Part } from './part.ts'
import { databaseServer, temporalServer, type DatabaseServer, type TemporalServer } from './servers.ts'

/** The node sends an RT again this often, ms. */
export const RETRIES = Array<number>(100).fill(400)

export interface World {
  /** Straight to PostgreSQL, not through the gate. */
  db: Knex
  processes: Processes
  simulator: Simulator
  postgres: DatabaseServer
  temporal: TemporalServer
  gates: Gates
  worker: Part
  api: Part
  urls: { public: string; nodePort: string; admin: string }
  folder: string
  /** Written by worker and api. */
  logs: string[]
  close(): Promise<void>
}

/** The whole product as processes of its own, with a gate on every wire between them. */
export async function startWorld(given: { seed?: number } = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'mypay-world-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
  mkdirSync(tempFolderIn(folder))
  const ports = await choosePorts()
  const [postgres, temporal] = await Promise.all([
    databaseServer(folder, ports.postgres),
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
    node: await openGate({ port: Number(new URL(simulator.nodoUrl).port) }),
  }
  const db = createDb({ url: postgres.url, pool: 8, name: 'world' })
  await migrate(db)
  await seedDemo(db)
  const env = environmentOf({ folder, ports, gates, simulator, publicUrl, databaseUrl: postgres.url })
  const { worker, api, logs } = await startParts(folder, ports, env)
  const connection = Connection.lazy({ address: temporal.address })
  return {
    db,
    processes: createProcesses(new Client({ connection }), FAST),
    simulator,
    postgres,
    temporal,
    gates,
    worker,
    api,
    urls: {
      public: publicUrl,
      nodePort: `http://127.0.0.1:${nodePort.port}`,
      admin: `http://127.0.0.1:${ports.apiAdmin}`,
    },
    folder,
    logs,
    async close() {
      await Promise.all([worker.stop(), api.stop()])
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
    nodoPortUrl: `http://127.0.0.1:${nodePort}`,
    returnUrl: `${publicUrl}/ritorno`,
    broker: BROKER,
    station: STATION,
    password: 'password1',
    settings: {
      seed,
      rtDelayMs: 20,
      rtTimeoutMs: 3_000,
      rtRetryMs: RETRIES,
      deferredMs: 500,
      abandonedMs: 0,
    },
  })

async function startParts(
  folder: string,
  ports: Ports,
  env: Record<string, string>,
): Promise<{ worker: Part; api: Part; logs: string[] }> {
  const logs = ['worker', 'api'].map((name) => join(folder, `${name}.log`))
  const worker = createPart({ name: 'worker', adminPort: ports.workerAdmin, env, logFile: logs[0]! })
  const api = createPart({ name: 'api', adminPort: ports.apiAdmin, env, logFile: logs[1]! })
  await Promise.all([worker.start(), api.start()])
  return { worker, api, logs }
}
