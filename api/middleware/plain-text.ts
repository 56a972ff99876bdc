import type { RequestHandler } from 'express'
import { AppError } from '../../domain/errors.ts'

/** PostgreSQL keeps no zero character: who sends one in a form is not filling in ours. Addresses are looked at before. */
export const plainText: RequestHandler = (req, _res, next) => {
  const values = Object.values((req.body ?? {}) as Record<string, unknown>).flat()
  const isPlain = values.every((value) => typeof value !== 'string' || !value.includes('\0'))
  next(isPlain ? undefined : new AppError('FORM_INVALID'))
}
