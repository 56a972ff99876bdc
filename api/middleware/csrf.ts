import { csrfSync } from 'csrf-sync'
import type { Request, RequestHandler } from 'express'

const { csrfSynchronisedProtection, generateToken, isRequestValid } = csrfSync({
  size: 32,
  getTokenFromRequest: (req) => tokenOf(req),
})

const tokenOf = (req: Request): string | undefined =>
  (req.body as Record<string, string> | undefined)?.['_csrf']

export const csrfGuard: RequestHandler = csrfSynchronisedProtection

/** Ask only on pages with a form: it starts a session. */
export const csrfOf = (req: Request): string => generateToken(req)

/** For the forms with a file, which `csrfGuard` cannot read: asked of the fields that are there by then. */
export const isFromOurForm = (req: Request): boolean => isRequestValid(req)
/** Whether the field that proves it has come, true or not. */
export const hasCsrf = (req: Request): boolean => tokenOf(req) !== undefined
