import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { createDb } from '../../db/ground/connection.ts'
import { migrate } from '../../db/ground/migrate.ts'
import { freePort } from '../../tools/embedded/ports.ts'
import { startPostgres } from '../../tools/embedded/postgres.ts'
import { startTemporal, TIME_SKIPPING } from '../../tools/embedded/temporal.ts'
import { createProcesses } from '../../workflows/processes.ts'
import type { EngineStack } from './engine-stack.ts'
import { startWorkers, testNamespace } from './engine.ts'
import { testFiles } from './files.ts'
import { KEYS } from './keys.ts'
import { standInNode, type StandInNode } from './stand-in-node.ts'

export type OwnStack = Pick<EngineStack, 'env' | 'db' | 'processes' | 'client' | 'files'> & {
  node: StandInNode
}

/** Runs `work` with the engine on new servers, for scripts that record something outside a run of the tests. */
export async function withOwnServers(work: (stack: OwnStack) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mypay-own-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
  const [postgres, temporal] = await Promise.all([
    startPostgres({
      dataDir: join(folder, 'postgres'),
      port: await freePort(),
      logFile: join(folder, 'postgres.log'),
    }),
    startTemporal({ port: await freePort(), logFile: join(folder, 'temporal.log'), dynamic: TIME_SKIPPING }),
  ])
  try {
    await withEngine(postgres.url, temporal.address, work)
  } finally {
    await Promise.all([postgres.stop(), temporal.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
}

async function withEngine(
  databaseUrl: string,
  address: string,
  work: (stack: OwnStack) => Promise<void>,
): Promise<void> {
  const db = createDb({ url: databaseUrl, pool: 8, name: 'own' })
  await migrate(db)
  const env = await TestWorkflowEnvironment.createFromExistingServer({ address })
  const namespace = await testNamespace(env)
  const node = standInNode()
  const files = testFiles()
  const workers = await startWorkers(env, namespace, {
    db,
    node,
    mailer: { send: async () => ({ kind: 'sent', answer: '250' }) },
    station: '99999900014_01',
    publicUrl: 'http://localhost:3000',
    linkKeys: KEYS.link,
    isTest: true,
    files,
  })
  const client = new Client({ connection: env.connection, namespace })
  await work({ env, db, node, files, client, processes: createProcesses(client) })
  await workers.stop()
  await env.teardown()
  await db.destroy()
}
