import type { Knex } from 'knex'
import { lockPayment } from '../../db/payment.ts'
import { settlingRpts, writeChanges } from '../../db/payment-changes.ts'
import type { Change, Payment } from '../../domain/payment/model.ts'
import { settleRt } from '../../domain/payment/settle.ts'

/**
 * One transaction for all that the cart's waiting RTs say: shares, dues, cart, events, mails.
 * Safe to repeat: each RT is marked handled in the same commit.
 */
export async function settleLocked(trx: Knex, cartId: string, mailHost: string): Promise<void> {
  const locked = await lockPayment(trx, cartId)
  if (!locked) return
  const rts = locked.unhandled
  const changes: Change[] = []
  let payment: Payment = locked.payment
  for (const rt of rts) {
    const draft = settleRt(payment, rt.rptId, rt)
    changes.push(...draft.changes)
    payment = draft.payment
  }
  await writeChanges(trx, {
    cartId,
    changes,
    addresses: new Map(rts.map((rt) => [rt.id, rt.addresses])),
    mailHost,
    settling: settlingRpts(locked.payment),
  })
}
