import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { withOwnServers } from '../setup/own-servers.ts'
import { PATHS, type PathStack } from './paths.ts'

/**
 * `node --import tsx test/histories/record.ts [path…]`: runs these paths, or all, on real servers and keeps their
 * histories in test/histories. Run it when a workflow changes, and keep the old files as long as such runs may live.
 */
const OUT = fileURLToPath(new URL('./', import.meta.url))

await withOwnServers(async (stack) => {
  const wanted = process.argv.slice(2)
  const names = Object.keys(PATHS).filter((name) => wanted.length === 0 || wanted.includes(name))
  for (const name of names) await recordPath(name, stack)
})

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
