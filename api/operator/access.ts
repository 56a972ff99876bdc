import type { RequestHandler, Response } from 'express'
import type { Knex } from 'knex'
import { findAccess, findOperator, type Adhesion, type EnteAccess, type Operator } from '../../db/operator.ts'
import type { EnteReader } from '../../db/granted.ts'
import { AppError } from '../../domain/errors.ts'
import { citizenOf, sessionNow } from '../middleware/session.ts'

interface Held {
  operator?: Operator
  access?: EnteAccess
}

/** Who is not signed in goes through the sign-in; who is and works for nobody is told so. Asked of the tables at each request. */
export const operatorsOnly =
  (db: Knex): RequestHandler =>
  async (req, res, next) => {
    const citizen = citizenOf(req)
    if (!citizen) {
      const back = req.method === 'GET' ? req.originalUrl : '/operatore'
      return res.redirect(303, `/accedi?${new URLSearchParams({ da: back }).toString()}`)
    }
    const operator = await findOperator(db, citizen.codiceFiscale)
    if (!operator) throw new AppError('NOT_AN_OPERATOR')
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
  db: Knex,
  res: Response,
  adhesion?: Adhesion,
): Promise<EnteReader | undefined> {
  const citizen = (await sessionNow(res.req))?.citizen
  const operator = citizen && (await findOperator(db, citizen.codiceFiscale))
  const access = operator && (await findAccess(db, operator.id, theAccess(res).codIpa))
  if (!access || (adhesion !== undefined && !access.adhesion.includes(adhesion))) return undefined
  return readerWith(operator.id, access)
}

/** For routes that stand before the others: who may enter is asked by the route itself. */
export const operatorsOfEnte = (db: Knex): RequestHandler[] => [
  operatorsOnly(db),
  enteOnly(db) as RequestHandler,
]
