import { createReadStream } from 'node:fs'
import { noteAlive, type BulkAct } from '../../db/bulk/act.ts'
import { everyDueOfAct, firstDuesOfAct } from '../../db/bulk/rows.ts'
import type { BulkKind } from '../../domain/bulk/acts.ts'
import { bulkFiles } from '../../services/file-store.ts'
import { duesCsvFile, leftDuesCsvFile } from '../../templates/documents/dues-csv.ts'
import type { ArchiveEntry } from '../../templates/documents/zip.ts'
import { writeArchive } from '../archive.ts'
import type { BulkDeps } from './deps.ts'

/** The files that each act puts into its archive for the dues that are done; null when it makes none. */
const ENTRIES: Record<BulkKind, ((deps: BulkDeps, act: BulkAct) => Promise<ArchiveEntry[]>) | null> = {
  cancel: null,
  send: null,
  async print({ db, files }, { id }) {
    const entries: ArchiveEntry[] = []
    for await (const { iuv } of everyDueOfAct(db, id, 'done'))
      entries.push({
        name: `avviso_${iuv}.pdf`,
        open: () => createReadStream(files.path(bulkFiles(id).notice(iuv!))),
        // A PDF is compressed already.
        isCompressed: false,
      })
    return entries
  },
  export: ({ db }, { id }) =>
    Promise.resolve([
      { name: 'dovuti.csv', open: () => duesCsvFile(everyDueOfAct(db, id, 'done')), isCompressed: true },
    ]),
}

/**
 * Writes the archive of an act and returns its bytes; null when the act makes none or has done nothing. A list of the dues that it left is
 * in it, with the reasons.
 */
export async function writeFileOf(deps: BulkDeps, act: BulkAct): Promise<number | null> {
  const entriesOf = ENTRIES[act.kind]
  if (!entriesOf) return null
  const { db, files } = deps
  await noteAlive(db, act.id)
  const hasSome = async (which: 'done' | 'left'): Promise<boolean> =>
    (await firstDuesOfAct(db, act.id, which, 1)).length > 0
  if (!(await hasSome('done'))) return null
  const entries = await entriesOf(deps, act)
  if (await hasSome('left'))
    entries.push({
      name: 'lasciati.csv',
      open: () => leftDuesCsvFile(everyDueOfAct(db, act.id, 'left')),
      isCompressed: true,
    })
  const { bytes } = await writeArchive(files, bulkFiles(act.id).zip, entries)
  return bytes
}
