import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from '../tools/world.ts'

/** Keeps logs, tables and histories of a run, because the next run of the seed may interleave differently. Returns the folder. */
export async function saveEvidence(world: World, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(world.folder))
    if (name.endsWith('.log')) copyFileSync(join(world.folder, name), join(folder, name))
  copyFileSync(join(world.folder, 'simulator', 'journal.jsonl'), join(folder, 'simulator.jsonl'))
  await saveTables(world, folder)
  await saveHistories(world, join(folder, 'histories'))
  return folder
}

async function saveTables({ db }: World, folder: string): Promise<void> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition`,
  )
  for (const { name } of rows) {
    const lines = await db.raw<{ rows: { line: string }[] }>(
      `select row_to_json(t)::text as line from ?? t`,
      [name],
    )
    writeFileSync(join(folder, `${name}.jsonl`), lines.rows.map(({ line }) => `${line}\n`).join(''))
  }
}

async function saveHistories({ client }: World, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    writeFileSync(join(folder, `${workflowId.replace(':', '-')}-${runId}.json`), JSON.stringify(history))
  }
}
