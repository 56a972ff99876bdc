import type { RequestHandler, Response } from 'express'
import type { Author } from '../../db/ente/configured.ts'
import { AppError } from '../../domain/errors.ts'
import type { AppConfig } from '../deps.ts'
import { theAccess, theOperator } from './operator.ts'

/** Administration is there for administrators, of the region or of some ente; for others there is no such page. */
export const adminsOnly: RequestHandler = (_req, res, next) => {
  const { isPlatformAdmin, grants } = theOperator(res)
  if (!isPlatformAdmin && !grants.some(({ role }) => role === 'admin')) throw new AppError('NOT_FOUND')
  next()
}

/** Of the region. */
export const platformOnly: RequestHandler = (_req, res, next) => {
  if (!isPlatform(res)) throw new AppError('NOT_FOUND')
  next()
}

/** An ente that this person administers. */
export const enteAdminsOnly: RequestHandler = (_req, res, next) => {
  if (!theAccess(res).isAdmin) throw new AppError('NOT_FOUND')
  next()
}

export const isPlatform = (res: Response): boolean => theOperator(res).isPlatformAdmin

/** Who changes something here. */
export function authorOf(res: Response, config: AppConfig): Author {
  const { id, name, isPlatformAdmin: isPlatform } = theOperator(res)
  const post = { maintainer: config.maintainer, mailHost: new URL(config.publicUrl).hostname }
  return { id, name, isPlatform, post }
}
