import { writeJournal } from '../../db/journal/journal.ts'
import type { AttemptKey } from '../../domain/payment/model.ts'
import { receiveReceipt } from '../../services/payment/receive-receipt.ts'
import type { PayCartDeps } from './send.ts'

/** Fetches a receipt and stores it as if the node had pushed it. The same bytes are stored once. */
export async function acceptCopy(
  { db, node }: Pick<PayCartDeps, 'db' | 'node'>,
  cartId: string,
  key: AttemptKey,
): Promise<void> {
  const attemptKey = { domain: key.domain, iuv: key.iuv, attemptCode: key.attemptCode }
  const { answer, journal } = await node.askReceipt(attemptKey)
  await db.transaction(async (trx) => {
    await writeJournal(trx, [{ ...journal, cartId }])
    if (answer.kind === 'receipt')
      await receiveReceipt(trx, { key: attemptKey, document: answer.document, source: 'copy' })
  })
}
