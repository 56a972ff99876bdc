import type { RequestHandler } from 'express'
import { AppError } from '../../domain/errors.ts'
import { typedIn } from '../form/read-request.ts'

/**
 * Refuses a form with a zero character, because PostgreSQL cannot store one and no browser sends one. `requestLine` checks addresses.
 * @throws FORM_INVALID
 */
export const plainText: RequestHandler = (req, _res, next) => {
  const values = Object.values(typedIn(req)).flat()
  const isPlain = values.every((value) => typeof value !== 'string' || !value.includes('\0'))
  next(isPlain ? undefined : new AppError('FORM_INVALID'))
}
