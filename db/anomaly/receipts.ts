import type { Knex } from 'knex'
import type { Outcome } from '../../domain/payment/model.ts'
import { mayUseDueType } from '../ente/due-type-access.ts'
import { SAYS_MONEY_MOVED } from '../payment/known.ts'
import type { AnomalyReader } from './anomalies.ts'

/** A receipt that an anomaly is about. */
export interface AnomalyReceipt {
  id: string
  cartId: string | null
  /** True for the one whose money is on the due, false for the one that raised the anomaly. */
  isOnDue: boolean
  iuv: string
  /** Null when it cannot be read. */
  totalCents: number | null
  outcome: Outcome | null
  /** The day of the payment, as the receipt says it. */
  paidOn: string | null
  receivedAt: string
  psp: string | null
  /** True when it has a document that this reader may open at one of its dues. */
  hasDocument: boolean
}

/**
 * The receipt that settled what an anomaly is about, and the one that raised it, in this order. The first is absent when no receipt of ours
 * settled it.
 */
export async function receiptsOfAnomaly(
  db: Knex,
  reader: AnomalyReader,
  id: string,
): Promise<AnomalyReceipt[]> {
  const maySeeAll =
    reader === null
      ? 'true'
      : `not exists (select from attempt_item i join due o on o.id = i.due_id
          where i.attempt_id = receipt.attempt_id and not ${mayUseDueType('?', 'o.ente_due_type_id')})`
  const { rows } = await db.raw<{ rows: AnomalyReceipt[] }>(
    `select receipt.id, receipt.cart_id as "cartId", receipt.id <> a.receipt_id as "isOnDue", receipt.iuv,
       receipt.total_cents as "totalCents", receipt.outcome, left(receipt.details -> 'items' -> 0 ->> 'outcomeOn', 10) as "paidOn",
       receipt.received_at as "receivedAt", receipt.details -> 'attesting' ->> 'name' as psp,
       receipt.settling and ${SAYS_MONEY_MOVED} and ${maySeeAll} as "hasDocument"
     from anomaly a join receipt on receipt.id = a.receipt_id
       or receipt.id in (select s.receipt_id from settlement s where s.due_id = a.due_id and (a.share_id is null or s.share_id = a.share_id))
       or (a.due_id is null and receipt.attempt_id = a.attempt_id and receipt.settling)
     where a.id = ? order by receipt.id = a.receipt_id, receipt.received_at`,
    reader === null ? [id] : [reader.operatorId, id],
  )
  return rows
}
