import type { Request } from 'express'
import type { NoticedDue } from '../../db/due/notice.ts'
import type { Limits } from '../middleware/limits.ts'
import { citizenOf } from '../middleware/session.ts'
import { timesOf, triesOf } from './client.ts'

interface Searched {
  iuv: string
  found: readonly Pick<NoticedDue, 'pagatore'>[]
}

/**
 * Counts a search for a notice that found nothing. Asked after the search and before its answer: who has no tries left is not
 * told that he was right at last. A number of which all together guess too much asks strangers to wait or to prove
 * something; it never stops who signed in as the payer of that notice.
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
