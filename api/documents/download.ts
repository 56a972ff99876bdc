import { access, constants } from 'node:fs/promises'
import type { Response } from 'express'
import { z } from 'zod'
import { AppError, type ErrorCode } from '../../domain/errors.ts'

const Pdf = z
  .string()
  .endsWith('.pdf')
  .transform((name) => name.slice(0, -'.pdf'.length))
  .pipe(z.uuid())

/** The id in a file name such as `0199b4c2-7d1e-7c3a-9f00-0123456789ab.pdf`; undefined when it is none. */
export const idOfPdf = (file: string): string | undefined => Pdf.safeParse(file).data

/** A file of the store: its path, and the file name that the browser saves. */
interface StoredFile {
  path: string
  name: string
}

interface Sending {
  /**
   * Records the access. It is called when the file is known to be there, because the register must not say that somebody has a file which
   * nobody could send.
   */
  trace?: () => Promise<void>
  /** The error when the file is not there. */
  missing?: ErrorCode
}

/**
 * Sends a file of the store as a download; caches must not store it.
 * @throws AppError FILE_MISSING when the file is not there
 */
export async function sendStored(
  res: Response,
  { path, name }: StoredFile,
  { trace, missing = 'FILE_MISSING' }: Sending = {},
): Promise<void> {
  await access(path, constants.R_OK).catch((error: unknown) => {
    res.req.log.error({ err: error }, 'stored file is missing')
    throw new AppError(missing, {}, error)
  })
  await trace?.()
  res.set('cache-control', 'no-store')
  // The data of `npm start` are in `.data`, and Express keeps what is below such a folder back unless it is told.
  res.download(path, name, { dotfiles: 'allow' }, (error?: Error) => {
    if (error && !res.headersSent) res.req.next?.(new AppError(missing, {}, error))
  })
}
