import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import type { Knex } from 'knex'
import { createDb } from '../../../db/connection.ts'
import { migrate } from '../../../db/migrate.ts'
import { startSimulator, type Simulator } from '../../../simulator/server.ts'
import { freePort } from '../../../tools/embedded/ports.ts'
import { startPostgres, type Postgres } from '../../../tools/embedded/postgres.ts'
import { startTemporal, type Temporal } from '../../../tools/embedded/temporal.ts'
import { createProcesses, PATIENCE, type Patience, type Processes } from '../../../workflows/start.ts'
import { openGate, type Gate } from './gate.ts'
import { createPart, type Part } from './part.ts'

const BROKER = '99999900014'
const STATION = '99999900014_01'

/** Waits in seconds instead of minutes, so that a storm settles while somebody watches. */
export const FAST: Patience & { sweep: object } = {
  ...PATIENCE,
  chase: {
    ...PATIENCE.chase,
    steps: [{ until: 86_400_000, every: 2_000 }],
    daily: 2_000,
    doubt: [300, 700, 1_500],
    afterReturn: 1_500,
    resendFor: 60_000,
    unknownApart: 3_000,
  },
  mail: { initial: 300, max: 1_500 },
  sweep: { everyMs: 1_000, grace: { rt: 2, check: 5, mail: 2 } },
}

export interface World {
  db: Knex
  processes: Processes
  simulator: Simulator
  postgres: { restart(): Promise<void>; crash(): Promise<void> }
  temporal: { restart(): Promise<void>; crash(): Promise<void>; lose(): Promise<void>; address: string }
  gates: { database: Gate; temporal: Gate; smtp: Gate; node: Gate; nodePort: Gate }
  worker: Part
  api: Part
  urls: { public: string; nodePort: string; admin: string }
  folder: string
  close(): Promise<void>
}

/** The whole product as processes of its own, with a gate on every wire between them. */
export async function startWorld(given: { seed?: number } = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'mypay-world-'))
  const ports = await portsFor()
  let postgres = await startPostgresIn(folder, ports.postgres)
  let temporal = await startTemporalIn(folder, ports.temporal)
  const gates = {
    database: await openGate({ port: ports.postgres }),
    temporal: await openGate({ port: ports.temporal }),
    nodePort: await openGate({ port: ports.nodePort }),
    smtp: undefined as unknown as Gate,
    node: undefined as unknown as Gate,
  }
  const publicUrl = `http://127.0.0.1:${ports.public}`
  const simulator = await startSimulator({
    port: 0,
    smtpPort: 0,
    dataDir: folder,
    nodoPortUrl: `http://127.0.0.1:${gates.nodePort.port}`,
    returnUrl: `${publicUrl}/ritorno`,
    broker: BROKER,
    station: STATION,
    password: 'password1',
    settings: { seed: given.seed ?? 1, rtDelayMs: 20, rtTimeoutMs: 3_000, rtRetryMs: Array(60).fill(500), deferredMs: 500 },
  })
  gates.smtp = await openGate({ port: Number(new URL(simulator.smtpUrl).port) })
  gates.node = await openGate({ port: Number(new URL(simulator.nodoUrl).port) })
  const db = createDb({ url: postgres.url, pool: 8, name: 'world' })
  await migrate(db)
  const env = environment({ folder, ports, gates, simulator, publicUrl, databaseUrl: postgres.url })
  const part = (name: 'worker' | 'api', adminPort: number): Part =>
    createPart({ name, adminPort, env, logFile: join(folder, `${name}.log`) })
  const worker = part('worker', ports.workerAdmin)
  const api = part('api', ports.apiAdmin)
  await Promise.all([worker.start(), api.start()])
  const connection = Connection.lazy({ address: temporal.address })
  return {
    db,
    processes: createProcesses(new Client({ connection }), FAST),
    simulator,
    gates,
    worker,
    api,
    folder,
    urls: { public: publicUrl, nodePort: `http://127.0.0.1:${gates.nodePort.port}`, admin: `http://127.0.0.1:${ports.apiAdmin}` },
    postgres: {
      crash: async () => void (process.kill(postgres.child.pid, 'SIGQUIT'), await postgres.child.exited),
      restart: async () => void (postgres = await startPostgresIn(folder, ports.postgres)),
    },
    temporal: {
      address: temporal.address,
      crash: async () => void (process.kill(temporal.child.pid, 'SIGKILL'), await temporal.child.exited),
      restart: async () => void (temporal = await startTemporalIn(folder, ports.temporal)),
      lose: async () => {
        await temporal.child.stop(0)
        for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `temporal.db${suffix}`), { force: true })
      },
    },
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

type Ports = Awaited<ReturnType<typeof portsFor>>

async function portsFor() {
  const names = ['postgres', 'temporal', 'public', 'nodePort', 'workerAdmin', 'apiAdmin'] as const
  const found = {} as Record<(typeof names)[number], number>
  for (const name of names) found[name] = await freePort()
  return found
}

const startPostgresIn = (folder: string, port: number): Promise<Postgres> =>
  startPostgres({ dataDir: join(folder, 'postgres'), port, logFile: join(folder, 'postgres.log') })

const startTemporalIn = (folder: string, port: number): Promise<Temporal> =>
  startTemporal({ port, dbFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log') })

interface Wiring {
  folder: string
  ports: Ports
  gates: World['gates']
  simulator: Simulator
  publicUrl: string
  databaseUrl: string
}

function environment({ folder, ports, gates, simulator, publicUrl, databaseUrl }: Wiring): Record<string, string> {
  const through = (url: string, gate: Gate): string => {
    const changed = new URL(url)
    changed.port = String(gate.port)
    return changed.href
  }
  return {
    NODE_ENV: 'test',
    DATABASE_URL: through(databaseUrl, gates.database),
    TEMPORAL_ADDRESS: `127.0.0.1:${gates.temporal.port}`,
    NODO_URL: through(simulator.nodoUrl, gates.node),
    NODO_PAGE_HOSTS: new URL(simulator.url).host,
    NODO_TIMEOUT_MS: '2500',
    SMTP_URL: through(simulator.smtpUrl, gates.smtp),
    PORT: String(ports.public),
    NODO_PORT: String(ports.nodePort),
    PUBLIC_URL: publicUrl,
    DATA_DIR: folder,
    PATIENCE: JSON.stringify(FAST),
  }
}
