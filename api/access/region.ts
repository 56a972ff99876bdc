import type { RequestHandler, Response } from 'express'
import type { Author } from '../../db/ente/configured.ts'
import { AppError } from '../../domain/errors.ts'
import type { AppConfig } from '../deps.ts'
import { theAccess, theOperator } from './operator.ts'

/** Lets administrators of the region or of any ente pass. @throws NOT_FOUND for the others; the page says which right is missing */
export const adminsOnly: RequestHandler = (_req, res, next) => {
  const { isPlatformAdmin, grants } = theOperator(res)
  if (!isPlatformAdmin && !grants.some(({ role }) => role === 'admin'))
    throw new AppError('NOT_FOUND', { needs: 'anyAdmin' })
  next()
}

/** Lets administrators of the region pass. @throws NOT_FOUND for the others */
export const platformOnly: RequestHandler = (_req, res, next) => {
  if (!isPlatform(res)) throw new AppError('NOT_FOUND', { needs: 'region' })
  next()
}

/** Lets administrators of the ente of the address pass. @throws NOT_FOUND for the others */
export const enteAdminsOnly: RequestHandler = (_req, res, next) => {
  if (!theAccess(res).isAdmin) throw new AppError('NOT_FOUND', { needs: 'enteAdmin' })
  next()
}

/** Lets pass who may reconcile for the ente of the address. @throws NOT_FOUND for the others; the page says which right is missing */
export const reconcilersOnly: RequestHandler = (_req, res, next) => {
  if (!theAccess(res).mayReconcile) throw new AppError('NOT_FOUND', { needs: 'reconciler' })
  next()
}

export const isPlatform = (res: Response): boolean => theOperator(res).isPlatformAdmin

/** The person who changes the configuration, with the values that the mail about the change needs. */
export function authorOf(res: Response, config: AppConfig): Author {
  const { id, name, isPlatformAdmin: isPlatform } = theOperator(res)
  const post = { maintainer: config.maintainer, mailHost: new URL(config.publicUrl).hostname }
  return { id, name, isPlatform, post }
}
