import { Router, type Request, type RequestHandler } from 'express'
import { AppError } from '../../domain/errors.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { renewSession } from '../middleware/session.ts'
import { sendPage } from '../page.ts'

declare module 'express-session' {
  interface SessionData {
    /** Who is in at the support pages. */
    supportOperator: string
  }
}

/** The only operator of the development login; production has none until there is a real one. */
const DEVELOPER = 'operatore-di-sviluppo'
const LOGIN = '/supporto/accedi'

export const operatorOf = (req: Request): string => req.session.supportOperator ?? ''

export function loginPages(isProduction: boolean): Router {
  const router = Router()
  // Without a login there are no support pages at all.
  if (isProduction) router.use('/supporto', (_req, _res, next) => next(new AppError('NOT_FOUND')))

  router.get(LOGIN, (req, res) => {
    sendPage(res, 'supporto/accedi', { title: 'Accesso al supporto', csrf: csrfOf(req), operator: DEVELOPER })
  })
  router.post(LOGIN, async (req, res) => {
    await renewSession(req, {})
    req.session.supportOperator = DEVELOPER
    res.redirect(303, '/supporto')
  })
  router.post('/supporto/esci', (req, res) => {
    delete req.session.supportOperator
    res.redirect(303, LOGIN)
  })
  return router
}

/** Every other page of support: who is not in is led to the door, and what he sent is not read. */
export const supportOnly: RequestHandler = (req, res, next) => {
  if (req.session.supportOperator === undefined) res.redirect(303, LOGIN)
  else next()
}
