import type { Response } from 'express'
import { z } from 'zod'
import { AppError } from '../../domain/errors.ts'

const Pdf = z
  .string()
  .endsWith('.pdf')
  .transform((name) => name.slice(0, -'.pdf'.length))
  .pipe(z.uuid())

/** The id in a file name such as `0199b4c2-7d1e-7c3a-9f00-0123456789ab.pdf`; undefined when it is none. */
export const idOfPdf = (file: string): string | undefined => Pdf.safeParse(file).data

/**
 * Sends a file of the store as a download; caches must not store it. A missing file gives NOT_FOUND.
 * @param name the file name that the browser saves
 */
export function sendStored(res: Response, path: string, name: string): void {
  res.set('cache-control', 'no-store')
  // The data of `npm start` are in `.data`, and Express keeps what is below such a folder back unless it is told.
  res.download(path, name, { dotfiles: 'allow' }, (error?: Error) => {
    if (error && !res.headersSent) res.req.next?.(new AppError('NOT_FOUND', {}, error))
  })
}
