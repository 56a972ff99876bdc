import type { Request, RequestHandler } from 'express'
import { citizenOf, type Citizen } from '../../middleware/session.ts'
import { signInHref } from '../../access/sign-in.ts'

/** Redirects a person who is not signed in to the sign-in, which leads back here. */
export const signedIn: RequestHandler = (req, res, next) => {
  if (citizenOf(req)) return next()
  const back = req.method === 'GET' ? req.originalUrl : '/area'
  res.redirect(303, signInHref(back))
}

/** The person of a request that has passed `signedIn`. */
export const theCitizen = (req: Request): Citizen => citizenOf(req)!
