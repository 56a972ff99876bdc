import type { RequestHandler, Response } from 'express'
import type { Knex } from 'knex'
import {
  findAccess,
  findOperator,
  type Adhesion,
  type EnteAccess,
  type Operator,
} from '../../db/ente/operator.ts'
import type { EnteReader } from '../../db/ente/granted.ts'
import { AppError } from '../../domain/errors.ts'
import type { AppDeps } from '../deps.ts'
import { citizenOf, sessionNow } from '../middleware/session.ts'
import { isSignedInAsStaff, signInHref } from './sign-in.ts'

export type AccessDeps = Pick<AppDeps, 'db' | 'config'>

interface Held {
  operator?: Operator
  access?: EnteAccess
}

/**
 * Leads to the sign-in whoever is not signed in, or not with the level that staff needs, or too long ago. Tells who works for nobody
 * so. The tables are asked at each request.
 */
export const operatorsOnly =
  ({ db, config }: AccessDeps): RequestHandler =>
  async (req, res, next) => {
    const citizen = citizenOf(req)
    const operator = citizen && (await findOperator(db, citizen.codiceFiscale))
    if (citizen && !operator) throw new AppError('NOT_AN_OPERATOR')
    if (!operator || !isSignedInAsStaff(req, config)) {
      const back = req.method === 'GET' ? req.originalUrl : '/operatore'
      return res.redirect(303, signInHref(back, config.signIn.staffLevel))
    }
    ;(res.locals as Held).operator = operator
    next()
  }

/** The ente of the address: whether another one exists is not for its strangers. */
export const enteOnly =
  (db: Knex): RequestHandler<{ codIpa: string }> =>
  async (req, res, next) => {
    const access = await findAccess(db, theOperator(res).id, req.params.codIpa)
    if (!access) throw new AppError('NOT_FOUND')
    ;(res.locals as Held).access = access
    next()
  }

/** Pages of a way of collecting are there for the enti that chose it. */
export const joinedAs =
  (adhesion: Adhesion): RequestHandler =>
  (_req, res, next) => {
    if (!theAccess(res).adhesion.includes(adhesion)) throw new AppError('NOT_FOUND')
    next()
  }

/** Behind `operatorsOnly` there is always one. */
export const theOperator = (res: Response): Operator => (res.locals as Required<Held>).operator
/** Behind `enteOnly` there is always one. */
export const theAccess = (res: Response): EnteAccess => (res.locals as Required<Held>).access

/** Who asks for the things of the ente of the address. */
export const readerOf = (res: Response): EnteReader => readerWith(theOperator(res).id, theAccess(res))

const readerWith = (operatorId: string, { enteId, isAdmin }: EnteAccess): EnteReader => ({
  enteId,
  operatorId,
  isAdmin,
})

/** The same, as session and grants say it now: an answer that lasts is told no more than a new request would be. */
export async function readerNow(
  { db, config }: AccessDeps,
  res: Response,
  adhesion?: Adhesion,
): Promise<EnteReader | undefined> {
  const session = await sessionNow(res.req)
  if (!session?.citizen || !isSignedInAsStaff({ session }, config)) return undefined
  const operator = await findOperator(db, session.citizen.codiceFiscale)
  const access = operator && (await findAccess(db, operator.id, theAccess(res).codIpa))
  if (!access || (adhesion !== undefined && !access.adhesion.includes(adhesion))) return undefined
  return readerWith(operator.id, access)
}

/** For routes that stand before the others: who may enter is asked by the route itself. */
export const operatorsOfEnte = (deps: AccessDeps): RequestHandler[] => [
  operatorsOnly(deps),
  enteOnly(deps.db) as RequestHandler,
]
