import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { createDb } from '../../db/ground/connection.ts'
import { createFileStore } from '../../services/file-store.ts'
import { migrate } from '../../db/ground/migrate.ts'
import { freePort } from '../../tools/embedded/ports.ts'
import { startPostgres } from '../../tools/embedded/postgres.ts'
import { startTemporal } from '../../tools/embedded/temporal.ts'
import { createProcesses } from '../../workflows/processes.ts'
import { environment } from '../world/environment.ts'
import { createProgram, type Program } from '../world/program.ts'
import { insertFlowEnte, type FlowTarget } from './file.ts'

export interface ImportWorld extends FlowTarget {
  /** Client of Temporal, for counting the events of histories. */
  client: Client
  /** Folder that PostgreSQL can write to, although it may run as another user. */
  folder: string
  flows: Program
  close(): Promise<void>
}

/**
 * Starts PostgreSQL and Temporal as `npm start` does, both workers, and inserts one ente with one type of due.
 * @param settings variables of the workers besides the usual ones
 */
export async function startImportWorld(settings: Record<string, string> = {}): Promise<ImportWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'mypay-bench-'))
  await chmod(folder, 0o777) // PostgreSQL may run as another user
  const log = (part: string): string => join(folder, `${part}.log`)
  const postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port: await freePort(),
    logFile: log('postgres'),
  })
  const temporal = await startTemporal({
    port: await freePort(),
    dbFile: join(folder, 'temporal.db'),
    logFile: log('temporal'),
  })
  const db = createDb({ url: postgres.url, pool: 4, name: 'bench' })
  await migrate(db)
  const env = environment({
    folder,
    database: postgres.url,
    temporal: temporal.address,
    simulatorPort: await freePort(),
    smtpPort: await freePort(),
    publicPort: await freePort(),
    nodePort: await freePort(),
  })
  const worker = async (name: string, queues: string): Promise<Program> => {
    const port = await freePort()
    return createProgram({
      name,
      entry: 'workers/worker.js',
      env: { ...env, ...settings, ADMIN_PORT: String(port), WORKER_QUEUES: queues },
      logFile: log(name),
      readyUrl: `http://127.0.0.1:${port}/readyz`,
    })
  }
  const programs = [await worker('payments', 'payments,nodo,mail'), await worker('flows', 'flows')] as const
  await Promise.all(programs.map((program) => program.start()))
  const connection = await Connection.connect({ address: temporal.address })
  const client = new Client({ connection })
  return {
    db,
    files: createFileStore(join(folder, 'files')),
    client,
    processes: createProcesses(client),
    folder,
    flows: programs[1],
    enteId: await insertFlowEnte(db),
    async close() {
      await Promise.all(programs.map((program) => program.stop()))
      await Promise.all([db.destroy(), connection.close()])
      await Promise.all([postgres.stop(), temporal.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
