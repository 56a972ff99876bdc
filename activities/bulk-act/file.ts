import { createReadStream } from 'node:fs'
import type { Knex } from 'knex'
import { noteAlive, type BulkAct } from '../../db/bulk/act.ts'
import { duesOfAct, FIRST_DUE, type ActDue } from '../../db/bulk/rows.ts'
import type { BulkKind } from '../../domain/bulk/acts.ts'
import { bulkFiles } from '../../services/file-store.ts'
import { duesCsvFile } from '../../templates/documents/dues-csv.ts'
import type { ArchiveEntry } from '../../templates/documents/zip.ts'
import { t } from '../../templates/language.ts'
import { writeArchive } from '../archive.ts'
import type { BulkDeps } from './deps.ts'

const PAGE = 1_000

/** The files that each act puts into its archive for the dues that are done; null when it makes none. */
const ENTRIES: Record<BulkKind, ((deps: BulkDeps, act: BulkAct) => Promise<ArchiveEntry[]>) | null> = {
  cancel: null,
  send: null,
  async print({ db, files }, { id }) {
    const entries: ArchiveEntry[] = []
    for await (const { iuv } of duesIn(db, id, 'done'))
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
      { name: 'dovuti.csv', open: () => duesCsvFile(duesIn(db, id, 'done')), isCompressed: true },
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
  const entries = await entriesOf(deps, act)
  const left = leftEntry(db, act.id)
  if ((await duesOfAct(db, act.id, 'done', { after: FIRST_DUE, limit: 1 })).length === 0) return null
  const isAny = (await duesOfAct(db, act.id, 'left', { after: FIRST_DUE, limit: 1 })).length > 0
  const { bytes } = await writeArchive(files, bulkFiles(act.id).zip, isAny ? [...entries, left] : entries)
  return bytes
}

const leftEntry = (db: Knex, actId: string): ArchiveEntry => ({
  name: 'lasciati.csv',
  open: () => duesCsvFile(duesIn(db, actId, 'left'), t('bulk.left.why')),
  isCompressed: true,
})

async function* duesIn(
  db: Knex,
  actId: string,
  which: 'done' | 'left',
): AsyncGenerator<ActDue & { why?: string }> {
  for (let after = FIRST_DUE; ;) {
    const page = await duesOfAct(db, actId, which, { after, limit: PAGE })
    for (const due of page) yield due.reason === null ? due : { ...due, why: t(`bulk.reason.${due.reason}`) }
    if (page.length < PAGE) return
    after = page.at(-1)!.id
  }
}
