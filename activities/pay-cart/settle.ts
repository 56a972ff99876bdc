import type { Knex } from 'knex'
import { lockPayment } from '../../db/payment/payment.ts'
import { settlingAttempts, writeChanges } from '../../db/payment/changes.ts'
import type { Change, Payment } from '../../domain/payment/model.ts'
import { settleReceipt } from '../../domain/payment/settle.ts'

/**
 * Settles all receipts of the cart that are not handled yet, in the caller's transaction: shares, dues, cart, events and mails. Safe to
 * repeat, because the same commit marks each receipt as handled.
 */
export async function settleLocked(trx: Knex, cartId: string, mailHost: string): Promise<void> {
  const locked = await lockPayment(trx, cartId)
  if (!locked) return
  const receipts = locked.unhandled
  const changes: Change[] = []
  let payment: Payment = locked.payment
  for (const receipt of receipts) {
    const draft = settleReceipt(payment, receipt.attemptId, receipt)
    changes.push(...draft.changes)
    payment = draft.payment
  }
  await writeChanges(trx, {
    cartId,
    changes,
    addresses: new Map(receipts.map((receipt) => [receipt.id, receipt.addresses])),
    mailHost,
    settling: settlingAttempts(locked.payment),
  })
}
