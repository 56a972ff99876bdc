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
 * Writes the file of dues of a day that were not paid. As in the old files, fields have no quotes, each row ends with `;`, and no line
 * break follows the last row. Dues without an IUV cannot be in the file; they are counted as skipped.
 * Source: docs/field/files.md#expired-dues.
 */
export async function writeExpired(db: Knex, files: FileStore, booked: Export): Promise<WrittenExport> {
  const found = { rows: 0, skipped: 0, bytes: 0 }
  const dueTypes = new Set<string>()
  async function* lines(): AsyncGenerator<Buffer> {
    const counted = (text: string): Buffer => {
      const part = Buffer.from(text)
      found.bytes += part.length
      return part
    }
    yield counted(EXPIRED_HEADER)
    for (let after = FIRST; ;) {
      const page = await expiredRows(db, booked, { after, limit: PAGE })
      const rows = page.filter(({ hasIuv }) => hasIuv)
      found.rows += rows.length
      found.skipped += page.length - rows.length
      for (const { dueType } of rows) dueTypes.add(dueType)
      if (rows.length > 0)
        yield counted(rows.map(({ fields }) => `\n${fields.map(plain).join(';')};`).join(''))
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

/** The format has no quotes, so a character that would break a row becomes a blank. */
const plain = (field: string | null): string => (field ?? '').replace(/[;\r\n]/g, ' ')
