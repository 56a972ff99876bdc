import { Readable } from 'node:stream'
import type { Knex } from 'knex'
import type { DueReader, DueRow } from '../../db/due/dues.ts'
import { searchDues } from '../../db/due/search.ts'
import { bookedSearch, type BookedSearch } from '../../db/export/dues-sheet.ts'
import { beginLongRead, recordWritten, type Export, type WrittenExport } from '../../db/export/export.ts'
import { AppError } from '../../domain/errors.ts'
import { exportFile, type FileStore } from '../../services/file-store.ts'
import { createTurns } from '../../services/turns.ts'
import { DUE_COLUMNS } from '../../templates/documents/due-table.ts'
import { MOST_SHEET_ROWS, sheetOf, workbook } from '../../templates/documents/workbook.ts'
import { t } from '../../templates/language.ts'
import { writeWhole } from '../archive.ts'

const PAGE = 1_000

/** A workbook is in memory as a whole, so one at a time is made in a process. */
const inTurn = createTurns(1)

/**
 * Writes the dues of a search as a workbook. What the person may see is asked when the rows are read. Undefined when another process has
 * ended this export in the meantime.
 * @throws TOO_MANY_ROWS when there have come to be more than a workbook may have
 */
export const writeDues = (db: Knex, files: FileStore, booked: Export): Promise<WrittenExport | undefined> =>
  inTurn(async () => {
    const search = await bookedSearch(db, booked)
    if (!search) return undefined
    const { codIpa, rows } = await readDues(db, booked, search)
    const bytes = await workbook([sheetOf(t('dues.list.title'), DUE_COLUMNS, rows)])
    const { bytes: zipBytes, sha256 } = await writeWhole(files, exportFile(booked.id), () =>
      Readable.from([bytes]),
    )
    return {
      rows: rows.length,
      skipped: 0,
      // There is no CSV in it.
      csvBytes: 0,
      zipBytes,
      sha256,
      baseName: `dovuti-${codIpa}-${booked.number}`,
      dueTypes: [...new Set(rows.map(({ dueTypeCode }) => dueTypeCode))],
    }
  })

/** The dues of the search, from one snapshot, so that none is twice in the file because it changed its place meanwhile. */
const readDues = (
  db: Knex,
  booked: Export,
  { filter, order }: BookedSearch,
): Promise<{ codIpa: string; rows: DueRow[] }> =>
  db.transaction(
    async (trx) => {
      const { codIpa } = await beginLongRead(trx, booked)
      const reader: DueReader = { enteId: booked.enteId, operatorId: booked.operatorId! }
      const rows: DueRow[] = []
      for (;;) {
        const turn = { place: rows.at(-1)?.id, isBack: false, limit: PAGE }
        const page = await searchDues(trx, reader, filter, { order, turn })
        rows.push(...page)
        if (rows.length > MOST_SHEET_ROWS) throw new AppError('TOO_MANY_ROWS')
        if (page.length < PAGE) return { codIpa, rows }
        await recordWritten(db, booked.id, { written: rows.length, total: null })
      }
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  )
