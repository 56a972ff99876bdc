import type { Request } from 'express'
import type { NoticedDue } from '../../db/due/notice.ts'
import type { Limits } from '../middleware/limits.ts'
import { citizenOf } from '../middleware/session.ts'
import { timesOf, triesOf } from './client.ts'

interface Searched {
  iuv: string
  /** Empty when the search has found nothing. */
  found: readonly Pick<NoticedDue, 'pagatore'>[]
}

/**
 * Counts a search for a notice that has found nothing. Callers wait for it after the search and before the answer, so that a person without
 * tries left is not shown a success either. When all clients together have guessed one number too often, strangers must wait or prove
 * something; the signed-in pagatore of the notice is never stopped.
 * @throws TOO_MANY_REQUESTS
 */
export async function countMiss(limits: Limits, req: Request, { iuv, found }: Searched): Promise<void> {
  const account = citizenOf(req)?.codiceFiscale
  if (found.some(({ pagatore }) => pagatore.codice === account)) return
  const giveBack = await limits.take(
    ...triesOf(req, 'missPerClient'),
    ...triesOf(req, 'missPerClientAndNumber', iuv),
    { limit: 'missPerNumber', key: iuv, times: timesOf(req) },
  )
  if (found.length > 0) await giveBack()
}
