import type { Response } from 'express'
import { sheetOf, workbook, type SheetColumn } from '../../templates/documents/workbook.ts'

/**
 * The most rows of a workbook that a page writes itself. Writing one blocks the process: docs/performance.md says for how long. Longer ones
 * are written by the process of files.
 */
export const MOST_DIRECT_ROWS = 500

/**
 * Sends a table as a workbook.
 * @param name the file name that the browser saves, and the name of the sheet
 * @throws RangeError when there are more rows than MOST_DIRECT_ROWS
 */
export async function sendSheet<Row>(
  res: Response,
  name: { file: string; sheet: string },
  columns: readonly SheetColumn<Row>[],
  rows: readonly Row[],
): Promise<void> {
  if (rows.length > MOST_DIRECT_ROWS) throw new RangeError('too many rows for a page')
  const bytes = await workbook([sheetOf(name.sheet, columns, rows)])
  res
    .set({
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-disposition': `attachment; filename="${name.file}"`,
      'cache-control': 'no-store',
    })
    .send(bytes)
}
