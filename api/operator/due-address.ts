import type { Request, Response } from 'express'
import { z } from 'zod'
import { findDue, type DueDetail } from '../../db/due/dues.ts'
import { AppError } from '../../domain/errors.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import type { AppDeps } from '../deps.ts'
import { mustRead } from '../form/read-request.ts'

/** The route of the dues of an ente. */
export const DUES_PATH = '/operatore/:codIpa/dovuti'

export const duesHref = (res: Response): string => `/operatore/${theAccess(res).codIpa}/dovuti`

export const dueHref = (res: Response, { id }: { id: string }): string => `${duesHref(res)}/${id}`

/** A due in the form in which the register of accesses stores it. */
export const theDue = ({ id }: { id: string }) => ({ entity: 'due', id }) as const

const Params = z.object({ dueId: z.uuid() })

/**
 * The due of the address.
 * @throws NOT_FOUND when it is of another ente, or of a type that this operator may not use
 */
export async function mustFindDue(db: AppDeps['db'], req: Request, res: Response): Promise<DueDetail> {
  const { dueId } = mustRead(Params, req.params)
  const due = await findDue(db, readerOf(res), dueId)
  if (!due) throw new AppError('NOT_FOUND')
  return due
}
