import type { RequestHandler } from 'express'
import { AppError } from '../../domain/errors.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS']
/** The most characters of an address. Our longest links have less than a fifth of it; the server itself limits the headers. */
const MAX_ADDRESS = 8_000

/**
 * Checks the first line of a request: method and address.
 * @throws METHOD_NOT_ALLOWED, ADDRESS_TOO_LONG, or NOT_FOUND for a zero character
 */
export const requestLine: RequestHandler = (req, res, next) => {
  if (!METHODS.includes(req.method) || req.method === 'OPTIONS') res.set('allow', METHODS.join(', '))
  if (req.method === 'OPTIONS') return void res.status(204).end()
  if (!METHODS.includes(req.method)) return next(new AppError('METHOD_NOT_ALLOWED'))
  if (req.url.length > MAX_ADDRESS) return next(new AppError('ADDRESS_TOO_LONG'))
  // PostgreSQL cannot store a zero character, and no address of ours has one.
  if (req.url.includes('%00')) return next(new AppError('NOT_FOUND'))
  next()
}
