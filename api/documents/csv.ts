import type { Response } from 'express'

/** How lists are written for people, who open the file in a spreadsheet: no cell may act as a formula. */
export const CSV_FORM = {
  delimiter: ';',
  record_delimiter: 'windows',
  bom: true,
  escape_formulas: true,
  header: true,
} as const

/** The headers of a CSV download. @param name the file name that the browser saves */
export function asCsv(res: Response, name: string): Response {
  return res.set({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  })
}
