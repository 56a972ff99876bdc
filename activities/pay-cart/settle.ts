import type { Knex } from 'knex'
import { lockPayment } from '../../db/payment/payment.ts'
import { settlingAttempts, writeChanges } from '../../db/payment/changes.ts'
import type { Change, Payment } from '../../domain/payment/model.ts'
import { settleReceipt } from '../../domain/payment/settle.ts'

/**
 * One transaction for all that the cart's waiting RTs say: shares, dues, cart, events, mails.
 * Safe to repeat: each RT is marked handled in the same commit.
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
