import { link, readdir } from 'node:fs/promises'
import type { Knex } from 'knex'
import { insertFromCheck, type Flow, type FlowTwin } from '../../db/flow/flow.ts'
import { uuidv7 } from '../../db/ground/uuid.ts'
import { flowFiles, type FileStore } from '../file-store.ts'

/**
 * Makes a flow that loads the kept file of a check, without a second upload. The check stays. Both flows share the bytes by hard links, so
 * nothing is copied and either may go. Returns what the file has in common with one that was loaded meanwhile: then nothing is stored.
 */
export async function loadChecked(
  { db, files }: { db: Knex; files: FileStore },
  check: Flow,
  operatorId: string,
): Promise<{ kind: 'taken'; flowId: string } | { kind: FlowTwin }> {
  const flowId = uuidv7()
  const [from, to] = [flowFiles(check.id), flowFiles(flowId)]
  await files.prepare(to.csv)
  for (const name of await readdir(files.path(from.folder)))
    await link(files.path(`${from.folder}/${name}`), files.path(`${to.folder}/${name}`))
  // When this fails, the sweep removes the folder, because no row has its id.
  const twin = await insertFromCheck(db, check.id, { id: flowId, operatorId })
  if (!twin) return { kind: 'taken', flowId }
  await files.remove(to.folder)
  return { kind: twin }
}
