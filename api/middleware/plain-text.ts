import type { RequestHandler } from 'express'
import { AppError } from '../../domain/errors.ts'

/** PostgreSQL keeps no zero character: who sends one is not filling in our forms. */
export const plainText: RequestHandler = (req, _res, next) => {
  if (/%00/.test(req.url)) return next(new AppError('NOT_FOUND'))
  const values = Object.values((req.body ?? {}) as Record<string, unknown>).flat()
  const isPlain = values.every((value) => typeof value !== 'string' || !value.includes('\0'))
  next(isPlain ? undefined : new AppError('FORM_INVALID'))
}
