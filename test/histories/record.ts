import { testFiles } from '../setup/files.ts'
import { KEYS } from '../setup/keys.ts'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { createDb } from '../../db/ground/connection.ts'
import { migrate } from '../../db/ground/migrate.ts'
import { PATHS, type PathStack } from './paths.ts'
import { startWorkers, testNamespace } from '../setup/engine.ts'
import { standInNode } from '../setup/stand-in-node.ts'
import { createProcesses } from '../../workflows/processes.ts'
import { freePort } from '../../tools/embedded/ports.ts'
import { startPostgres } from '../../tools/embedded/postgres.ts'
import { startTemporal, TIME_SKIPPING } from '../../tools/embedded/temporal.ts'

/**
 * `node --import tsx test/histories/record.ts`: runs the main paths of a payment on real servers and keeps their
 * histories in test/histories. Run it when a workflow changes, and keep the old files as long as such runs may live.
 */
const OUT = fileURLToPath(new URL('./', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mypay-histories-'))
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
  await record()
} finally {
  await Promise.all([postgres.stop(), temporal.stop()])
  rmSync(folder, { recursive: true, force: true })
}

async function record(): Promise<void> {
  const db = createDb({ url: postgres.url, pool: 8, name: 'histories' })
  await migrate(db)
  const env = await TestWorkflowEnvironment.createFromExistingServer({ address: temporal.address })
  const namespace = await testNamespace(env)
  const node = standInNode()
  const workers = await startWorkers(env, namespace, {
    db,
    node,
    mailer: { send: async () => ({ kind: 'sent', answer: '250' }) },
    station: '99999900014_01',
    publicUrl: 'http://localhost:3000',
    linkKeys: KEYS.link,
    isTest: true,
    files: testFiles(),
  })
  const client = new Client({ connection: env.connection, namespace })
  const processes = createProcesses(client)
  for (const name of Object.keys(PATHS)) await recordPath(name, { db, env, node, client, processes })
  await workers.stop()
  await env.teardown()
  await db.destroy()
}

async function recordPath(name: string, stack: PathStack): Promise<void> {
  stack.node.answers = {}
  for (const workflowId of await PATHS[name]!(stack)) {
    const history = await stack.client.workflow.getHandle(workflowId).fetchHistory()
    const workflow = workflowId.split(':')[0]
    const file = `${name}.${workflow}.json`
    const recorded = JSON.parse(historyToJSON(history)) as object
    writeFileSync(join(OUT, file), `${JSON.stringify({ workflowId, ...recorded }, null, 1)}\n`)
    process.stdout.write(`${file}: ${history.events!.length} events\n`)
  }
}
