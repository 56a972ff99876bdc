import { writeJournal } from '../../db/journal/journal.ts'
import type { AttemptKey } from '../../domain/payment/model.ts'
import { receiveReceipt } from '../../services/payment/receive-receipt.ts'
import type { PayCartDeps } from './send.ts'

/** A receipt fetched by us enters by the same door as one the node pushes; the same bytes twice are one. */
export async function acceptCopy({ db, node }: PayCartDeps, cartId: string, key: AttemptKey): Promise<void> {
  const attemptKey = { domain: key.domain, iuv: key.iuv, ccp: key.ccp }
  const { answer, journal } = await node.askReceipt(attemptKey)
  await db.transaction(async (trx) => {
    await writeJournal(trx, [{ ...journal, cartId }])
    if (answer.kind === 'receipt')
      await receiveReceipt(trx, { key: attemptKey, document: answer.document, source: 'copy' })
  })
}
