import { readdir, stat } from 'node:fs/promises'
import type { Knex } from 'knex'
import type { FileStore } from '../services/file-store.ts'
import { draftsWithFiles } from '../db/flow/draft.ts'
import { knownTreasury } from '../db/treasury/file.ts'
import { knownFlows } from '../db/payment/sweep.ts'

const OLD_MS = 60 * 60_000

/**
 * Removes files that no row leads to: uploads that broke off, archives whose writer died, folders of flows whose row was
 * never written, of drafts that are over, and of statements of banks that were refused. Files younger than an hour stay, because their row may still be written.
 */
export async function removeOrphans({ db, files }: { db: Knex; files: FileStore }): Promise<void> {
  for (const key of await oldKeys(files, 'uploads')) await files.remove(key)
  for (const key of await oldKeys(files, 'exports')) if (key.endsWith('.part')) await files.remove(key)
  const drafts = await oldKeys(files, 'drafts')
  const needed = await draftsWithFiles(db, drafts.map(idOf))
  for (const key of drafts) if (!needed.has(idOf(key))) await files.remove(key)
  const statements = await oldKeys(files, 'treasury')
  const kept = await knownTreasury(db, statements.map(idOf))
  for (const key of statements) if (!kept.has(idOf(key))) await files.remove(key)
  const flows = await oldKeys(files, 'flows')
  if (flows.length === 0) return
  const known = await knownFlows(db, flows.map(idOf))
  for (const key of flows) if (!known.has(idOf(key))) await files.remove(key)
}

const idOf = (key: string): string => key.slice(key.indexOf('/') + 1)

async function oldKeys(files: FileStore, folder: string): Promise<string[]> {
  const names = await readdir(files.path(folder)).catch(() => [])
  const keys = names.map((name) => `${folder}/${name}`)
  const ages = await Promise.all(
    keys.map((key) =>
      stat(files.path(key)).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      ),
    ),
  )
  return keys.filter((_, at) => ages[at]! > OLD_MS)
}
