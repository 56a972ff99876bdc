import { csrfSync } from 'csrf-sync'
import type { Request, RequestHandler } from 'express'

const { csrfSynchronisedProtection, generateToken, isRequestValid } = csrfSync({
  size: 32,
  getTokenFromRequest: (req) => (req.body as Record<string, string> | undefined)?.['_csrf'],
})

export const csrfGuard: RequestHandler = csrfSynchronisedProtection

/** Ask only on pages with a form: it starts a session. */
export const csrfOf = (req: Request): string => generateToken(req)

/** For the forms with a file, which `csrfGuard` cannot read: asked when the fields before the file are there. */
export const isFromOurForm = (req: Request): boolean => isRequestValid(req)
