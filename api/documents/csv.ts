import type { Response } from 'express'

/** The headers of a CSV download. @param name the file name that the browser saves */
export function asCsv(res: Response, name: string): Response {
  return res.set({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  })
}
