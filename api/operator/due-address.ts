import type { Request, Response } from 'express'
import { z } from 'zod'
import { findDue, type DueDetail } from '../../db/due/dues.ts'
import { AppError } from '../../domain/errors.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import type { AppDeps } from '../deps.ts'

/** Where the dues of an ente are, for routers. */
export const DUES_PATH = '/operatore/:codIpa/dovuti'

export const duesHref = (res: Response): string => `/operatore/${theAccess(res).codIpa}/dovuti`

export const dueHref = (res: Response, { id }: { id: string }): string => `${duesHref(res)}/${id}`

/** A due as the register of accesses names it. */
export const theDue = ({ id }: { id: string }) => ({ entity: 'due', id }) as const

const Params = z.object({ dueId: z.uuid() })

/**
 * The due of the address, if it is of this ente and of a type that this operator may see.
 * @throws NOT_FOUND
 */
export async function mustFindDue(db: AppDeps['db'], req: Request, res: Response): Promise<DueDetail> {
  const { data } = Params.safeParse(req.params)
  const due = data && (await findDue(db, readerOf(res), data.dueId))
  if (!due) throw new AppError('NOT_FOUND')
  return due
}
