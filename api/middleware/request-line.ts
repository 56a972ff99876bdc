import type { RequestHandler } from 'express'
import { AppError } from '../../domain/errors.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS']
/** A fifth of it is more than any link of ours; what is longer than headers may be, the server refuses by itself. */
const MAX_ADDRESS = 8_000

/** What can be said of a request by its first line alone, the same for every address. */
export const requestLine: RequestHandler = (req, res, next) => {
  if (!METHODS.includes(req.method) || req.method === 'OPTIONS') res.set('allow', METHODS.join(', '))
  if (req.method === 'OPTIONS') return void res.status(204).end()
  if (!METHODS.includes(req.method)) return next(new AppError('METHOD_NOT_ALLOWED'))
  if (req.url.length > MAX_ADDRESS) return next(new AppError('ADDRESS_TOO_LONG'))
  // PostgreSQL keeps no zero character, and no address of ours holds one.
  if (req.url.includes('%00')) return next(new AppError('NOT_FOUND'))
  next()
}
