import type { Request, Response } from 'express'
import { z } from 'zod'
import { findReadableAct, type BulkAct } from '../../db/bulk/act.ts'
import { AppError } from '../../domain/errors.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import type { AppDeps } from '../deps.ts'
import { mustRead } from '../form/read-request.ts'

/** The route of the acts on many dues of an ente. */
export const ACTS_PATH = '/operatore/:codIpa/operazioni'

export const actsHref = (res: Response): string => `/operatore/${theAccess(res).codIpa}/operazioni`

export const actHref = (res: Response, { id }: { id: string }): string => `${actsHref(res)}/${id}`

/** An act in the form in which the register of accesses stores it. */
export const theAct = ({ id }: { id: string }) => ({ entity: 'bulk_act', id }) as const

const Params = z.object({ actId: z.uuid() })

/**
 * The act of the address.
 * @throws NOT_FOUND when it is of another ente, or has a due of a type that this operator may not use
 */
export async function mustFindAct(db: AppDeps['db'], req: Request, res: Response): Promise<BulkAct> {
  const { actId } = mustRead(Params, req.params)
  const act = await findReadableAct(db, readerOf(res), actId)
  if (!act) throw new AppError('NOT_FOUND')
  return act
}
