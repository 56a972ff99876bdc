import { Readable } from 'node:stream'
import type { Knex } from 'knex'
import { recordWritten, type Export, type WrittenExport } from '../../db/export/export.ts'
import { expiredRows } from '../../db/export/rows.ts'
import { exportFile, type FileStore } from '../../services/file-store.ts'
import { EXPIRED_HEADER } from '../../domain/export/columns.ts'
import { writeArchive } from '../archive.ts'

const PAGE = 1_000
const FIRST = '00000000-0000-0000-0000-000000000000'

/**
 * Dues of a day that were not paid: unquoted, a `;` at the end of each row and nothing after the last, as the old files. Those
 * without an IUV cannot be named in it and are counted. Source: docs/field/files.md#expired-dues.
 */
export async function writeExpired(db: Knex, files: FileStore, booked: Export): Promise<WrittenExport> {
  const found = { rows: 0, skipped: 0, bytes: 0 }
  const dueTypes = new Set<string>()
  async function* lines(): AsyncGenerator<Buffer> {
    const say = (text: string): Buffer => {
      const part = Buffer.from(text)
      found.bytes += part.length
      return part
    }
    yield say(EXPIRED_HEADER)
    for (let after = FIRST; ;) {
      const page = await expiredRows(db, booked, { after, limit: PAGE })
      const told = page.filter(({ hasIuv }) => hasIuv)
      found.rows += told.length
      found.skipped += page.length - told.length
      for (const { dueType } of told) dueTypes.add(dueType)
      if (told.length > 0) yield say(told.map(({ fields }) => `\n${fields.map(plain).join(';')};`).join(''))
      if (page.length < PAGE) return
      await recordWritten(db, booked.id, { written: found.rows, total: null })
      after = page.at(-1)!.id
    }
  }
  const baseName = `EXP_SCADUTI_${booked.id}`
  const archive = await writeArchive(files, exportFile(booked.id), [
    { name: `${baseName}.csv`, open: () => Readable.from(lines()), isCompressed: true },
  ])
  const { rows, skipped, bytes: csvBytes } = found
  const { bytes: zipBytes, sha256 } = archive
  return { rows, skipped, csvBytes, zipBytes, sha256, baseName, dueTypes: [...dueTypes] }
}

/** The format has no quotes: what would break a row becomes a blank. */
const plain = (field: string | null): string => (field ?? '').replace(/[;\r\n]/g, ' ')
