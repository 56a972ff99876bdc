import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { createDb } from '../../db/ground/connection.ts'
import { migrate } from '../../db/ground/migrate.ts'
import { freePort } from '../../tools/embedded/ports.ts'
import { postgresUrl, withClient } from '../../tools/embedded/postgres-client.ts'
import { type Postgres, startPostgres } from '../../tools/embedded/postgres.ts'
import { startTemporal, type Temporal, TIME_SKIPPING } from '../../tools/embedded/temporal.ts'
import { startReaper } from './reaper.ts'
import { TEMPLATE } from './template.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresPort: number
    temporalAddress: string
  }
}

/** Settings that trade durability for speed, because no data has to survive a test run. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
  // Keeps the WAL that one test file reads to count its writes, while another file writes a million rows.
  wal_keep_size: '1GB',
}

/** Starts one PostgreSQL with a migrated template database and one Temporal for all test files of a run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'mypay-test-'))
  await chmod(dir, 0o755) // PostgreSQL may run as another user
  const reaper = startReaper(dir)
  const teardown = async () => {
    await reaper.finish()
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    const [postgres, temporal] = await Promise.all([postgresWithTemplate(dir), temporalServer(dir)])
    reaper.watch(...[postgres, temporal].flatMap((server) => server?.child.pid ?? []))
    project.provide('postgresPort', postgres.port)
    project.provide('temporalAddress', temporal?.address ?? process.env['TEMPORAL_ADDRESS']!)
    return async () => {
      await Promise.all([postgres.stop(), temporal?.stop()])
      await teardown()
    }
  } catch (error) {
    await teardown()
    throw error
  }
}

async function postgresWithTemplate(dir: string): Promise<Postgres> {
  const postgres = await startPostgres({
    dataDir: join(dir, 'postgres'),
    port: await freePort(),
    logFile: join(dir, 'postgres.log'),
    settings: FAST,
  })
  await withClient(postgres.url, (client) => client.query(`create database ${TEMPLATE}`))
  const db = createDb({ url: postgresUrl(postgres.port, TEMPLATE), pool: 1, name: 'template' })
  try {
    await migrate(db)
  } finally {
    await db.destroy()
  }
  return postgres
}

/** Starts a Temporal server; undefined when TEMPORAL_ADDRESS names one, which must be able to skip time too. */
async function temporalServer(dir: string): Promise<Temporal | undefined> {
  if (process.env['TEMPORAL_ADDRESS']) return undefined
  return startTemporal({ port: await freePort(), logFile: join(dir, 'temporal.log'), dynamic: TIME_SKIPPING })
}
