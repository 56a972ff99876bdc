import type { Request, RequestHandler } from 'express'
import { citizenOf, type Citizen } from '../../middleware/session.ts'
import { signInHref } from '../../access/sign-in.ts'

/** Who is not signed in goes through the sign-in and comes back here. */
export const signedIn: RequestHandler = (req, res, next) => {
  if (citizenOf(req)) return next()
  const back = req.method === 'GET' ? req.originalUrl : '/area'
  res.redirect(303, signInHref(back))
}

/** Behind `signedIn` there is always one. */
export const theCitizen = (req: Request): Citizen => citizenOf(req)!
