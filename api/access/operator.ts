import type { RequestHandler, Response } from 'express'
import type { Knex } from 'knex'
import {
  findAccess,
  findOperator,
  type Adhesion,
  type EnteAccess,
  type Operator,
} from '../../db/ente/operator.ts'
import type { EnteReader } from '../../db/ente/due-type-access.ts'
import { publicEnteName } from '../../db/ente/ente.ts'
import { AppError } from '../../domain/errors.ts'
import type { AppDeps } from '../deps.ts'
import { paramOf } from '../form/read-request.ts'
import { citizenOf, sessionNow } from '../middleware/session.ts'
import { isSignedInAsStaff, signInHref } from './sign-in.ts'

export type AccessDeps = Pick<AppDeps, 'db' | 'config'>

declare global {
  namespace Express {
    interface Locals {
      /** Set by `operatorsOnly`. */
      operator?: Operator
      /** Set by `enteOnly`. */
      access?: EnteAccess
    }
  }
}

/**
 * Lets only operators pass. Redirects to the sign-in anybody who is not signed in, who signed in with a level too low for staff, or who
 * signed in too long ago. Grants are read from the database at each request, so that a withdrawn grant ends at once.
 * @throws NOT_AN_OPERATOR for a person who is signed in and works for no ente
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
    res.locals.operator = operator
    next()
  }

/**
 * Lets only operators of the ente of the address (`:codIpa`) pass.
 * @throws NOT_FOUND for all others. Only of an ente that citizens see in the list of enti the page says that the right to it is missing: of
 * the others nobody may learn that they exist
 */
export const enteOnly =
  (db: Knex): RequestHandler =>
  async (req, res, next) => {
    const codIpa = paramOf(req, 'codIpa')
    const access = await findAccess(db, theOperator(res), codIpa)
    if (!access) {
      const enteName = await publicEnteName(db, codIpa)
      throw new AppError('NOT_FOUND', enteName === undefined ? {} : { needs: 'ente', enteName })
    }
    res.locals.access = access
    next()
  }

/** Lets only enti pass that have joined in this way. @throws NOT_FOUND for the others */
export const joinedAs =
  (adhesion: Adhesion): RequestHandler =>
  (_req, res, next) => {
    if (!theAccess(res).adhesion.includes(adhesion)) throw new AppError('NOT_FOUND')
    next()
  }

/** The operator of a request that has passed `operatorsOnly`. */
export const theOperator = (res: Response): Operator => res.locals.operator!
/** The access to the ente of a request that has passed `enteOnly`. */
export const theAccess = (res: Response): EnteAccess => res.locals.access!

/** The operator of a request that has passed `enteOnly`, as queries need it. */
export const readerOf = (res: Response): EnteReader => readerWith(theOperator(res).id, theAccess(res))

const readerWith = (operatorId: string, { enteId, isAdmin }: EnteAccess): EnteReader => ({
  enteId,
  operatorId,
  isAdmin,
})

/**
 * The same with the session and the grants of this moment, for answers that last for minutes: such an answer must not show more than a new
 * request would.
 * @param adhesion the way of joining that the ente must still have
 * @returns undefined when the operator has signed out or has lost the access
 */
export async function readerNow(
  { db, config }: AccessDeps,
  res: Response,
  adhesion?: Adhesion,
): Promise<EnteReader | undefined> {
  const session = await sessionNow(res.req)
  if (!session?.citizen || !isSignedInAsStaff({ session }, config)) return undefined
  const operator = await findOperator(db, session.citizen.codiceFiscale)
  const access = operator && (await findAccess(db, operator, theAccess(res).codIpa))
  if (!access || (adhesion !== undefined && !access.adhesion.includes(adhesion))) return undefined
  return readerWith(operator.id, access)
}

/** The same two checks for routes that stand before the routers of the console, and so must check by themselves. */
export const operatorsOfEnte = (deps: AccessDeps): RequestHandler[] => [
  operatorsOnly(deps),
  enteOnly(deps.db),
]
