import type { Response } from 'express'
import { AppError } from '../../domain/errors.ts'

/** A file of the store under the name that people know it by; one that is gone is not found. Never kept by caches. */
export function sendStored(res: Response, path: string, name: string): void {
  res.set('cache-control', 'no-store')
  res.download(path, name, (error?: Error) => {
    if (error && !res.headersSent) res.req.next?.(new AppError('NOT_FOUND', {}, error))
  })
}
