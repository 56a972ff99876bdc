import { csrfSync } from 'csrf-sync'
import type { Request, RequestHandler } from 'express'
import { keepForLater } from '../form/kept.ts'
import { typedIn } from '../form/read-request.ts'

const { csrfSynchronisedProtection, generateToken, isRequestValid } = csrfSync({
  size: 32,
  getTokenFromRequest: (req) => {
    const token = tokenIn(req)
    return typeof token === 'string' ? token : undefined
  },
})

const tokenIn = (req: Request): unknown => typedIn(req)['_csrf']

/**
 * Refuses a form without the token of its session, such as one that was open while a link or a sign-in renewed the session. What it carried
 * is shown again by some pages (api/form/kept.ts); the old token is never accepted.
 * @throws an error with code EBADCSRFTOKEN, which becomes CSRF_INVALID
 */
export const csrfGuard: RequestHandler = (req, res, next) =>
  csrfSynchronisedProtection(req, res, (error?: unknown) => {
    if (error === undefined || !keepForLater(req, res, next)) next(error)
  })

/** The token for the form of a page. Only pages with a form may call it, because it starts a session. */
export const csrfOf = (req: Request): string => generateToken(req)

/** True when the token has arrived and is right. For forms with a file, whose fields arrive one by one after `csrfGuard`. */
export const isFromOurForm = (req: Request): boolean => isRequestValid(req)
/** True when the field with the token has arrived, whether it is right or wrong. */
export const hasCsrf = (req: Request): boolean => tokenIn(req) !== undefined
