import { Client } from '@temporalio/client'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import type { Knex } from 'knex'
import type { ActivityDeps } from '../../activities/index.ts'
import type { Node } from '../../activities/node/port.ts'
import { createProcesses, PATIENCE, type Patience, type Processes } from '../../workflows/processes.ts'
import type { FileStore } from '../../services/file-store.ts'
import { STATION } from './begun.ts'
import { testFiles } from './files.ts'
import { KEYS } from './keys.ts'
import { testDatabase, type TestDatabase } from './database.ts'
import { startWorkers, testNamespace } from './engine.ts'
import { testTemporal } from './temporal.ts'

export interface EngineStack {
  env: TestWorkflowEnvironment
  database: TestDatabase
  db: Knex
  files: FileStore
  processes: Processes
  /** Client of Temporal, for tests that look at processes or change them there. */
  client: Client
  stop(): Promise<void>
}

/** Starts the product's workers on real PostgreSQL and Temporal; node and mail server are stand-ins that the test gives. */
export async function startEngine(
  node: Node,
  given: {
    patience?: Patience
    mailer?: ActivityDeps['mailer']
    readLimits?: ActivityDeps['readLimits']
  } = {},
): Promise<EngineStack> {
  const [env, database] = await Promise.all([testTemporal(), testDatabase()])
  const namespace = await testNamespace(env)
  const files = testFiles()
  const workers = await startWorkers(env, namespace, {
    db: database.db,
    node,
    mailer: given.mailer ?? { send: async () => ({ kind: 'sent', answer: '250' }) },
    station: STATION,
    publicUrl: 'http://localhost:3000',
    linkKeys: KEYS.link,
    isTest: true,
    files,
    readLimits: given.readLimits,
  })
  const client = new Client({ connection: env.connection, namespace })
  return {
    env,
    database,
    files,
    db: database.db,
    client,
    processes: createProcesses(client, given.patience ?? PATIENCE),
    async stop() {
      await workers.stop()
      await database.drop()
      await env.teardown()
    },
  }
}
