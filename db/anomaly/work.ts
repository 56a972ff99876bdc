import type { Knex } from 'knex'
import type { AnomalyAct } from '../../domain/anomaly/acts.ts'
import { lockCart } from '../payment/begin.ts'
import { noteEvent, signedBy, type Actor } from '../journal/event.ts'
import { findAnomaly, type Anomaly, type Resolution } from './anomalies.ts'

/** Writes what people decide about anomalies. Every step runs in one transaction under the lock of the payment. */

/**
 * Locks the payment of an anomaly, the dues it is about together with `dueId`, and the anomaly itself, and reads it. The dues are
 * locked in the order of their ids, as everywhere.
 */
export async function lockAnomaly(
  trx: Knex,
  { id, dueId = null }: { id: string; dueId?: string | null },
): Promise<Anomaly | undefined> {
  const before = await findAnomaly(trx, null, id)
  if (!before) return undefined
  if (before.cartId !== null) await lockCart(trx, before.cartId)
  await trx.raw(
    `select id from due where id in (select anomaly_dues(a) from anomaly a where a.id = ?) or id = ? order by id for no key update`,
    [id, dueId],
  )
  await trx('anomaly').select('id').where({ id }).forNoKeyUpdate()
  // Read by another statement, because a statement that waits for a lock still sees other tables as they were before the wait.
  return findAnomaly(trx, null, id)
}

export interface Closing {
  resolution: Exclude<Resolution, 'settled'>
  by: Actor
  reason: string
  /** The number of the payment order, when the money went back. */
  reference?: string
}

/** Closes an anomaly. Its cents stay on the row, because the sums of a receipt count them, unless a settlement took them over. */
export async function closeAnomaly(trx: Knex, id: string, closing: Closing): Promise<void> {
  await trx('anomaly')
    .where({ id })
    .update({
      state: 'closed',
      resolution: closing.resolution,
      reason: closing.reason,
      return_reference: closing.reference ?? null,
      closed_at: trx.fn.now(),
      closed_by: closing.by.name,
      closed_by_id: closing.by.id,
    })
}

/** Marks its money as to be returned. The reason is kept until the transfer is noted. */
export async function markToReturn(trx: Knex, id: string, reason: string): Promise<void> {
  await trx('anomaly').where({ id }).update({ state: 'to_return', reason })
}

/** Settles every share of a due with the money of an anomaly, and marks the due paid. */
export async function giveMoney(
  trx: Knex,
  { id, receiptId }: Pick<Anomaly, 'id' | 'receiptId'>,
  dueId: string,
): Promise<void> {
  await trx.raw(
    `insert into settlement (share_id, due_id, receipt_id, importo_cents)
     select id, due_id, ?, importo_cents from due_share where due_id = ?`,
    [receiptId, dueId],
  )
  await trx('anomaly').where({ id }).update({ unplaced_cents: 0, placed_at: trx.fn.now() })
  await trx('due').where({ id: dueId }).update({ state: 'paid' })
}

/**
 * Takes the money off a due of which only some shares have theirs, and makes the due payable. Each settlement becomes an anomaly with
 * its cents, and its row is kept in `withdrawn_settlement`.
 */
export async function takeMoneyOff(trx: Knex, dueId: string): Promise<void> {
  await trx.raw(
    `with gone as (delete from settlement where due_id = ? returning *),
     raised as (
       insert into anomaly (kind, cart_id, attempt_id, receipt_id, due_id, share_id, unplaced_cents)
       select 'withdrawn', r.cart_id, r.attempt_id, gone.receipt_id, gone.due_id, gone.share_id, gone.importo_cents
       from gone left join receipt r on r.id = gone.receipt_id returning id, share_id)
     insert into withdrawn_settlement (share_id, due_id, receipt_id, reported_row_id, importo_cents, paid_on, settled_at, anomaly_id)
     select gone.share_id, gone.due_id, gone.receipt_id, gone.reported_row_id, gone.importo_cents, gone.paid_on, gone.created_at, raised.id
     from gone join raised on raised.share_id = gone.share_id`,
    [dueId],
  )
  await trx('due').where({ id: dueId }).update({ state: 'payable' })
}

/** Stores who did what about an anomaly, and why. Returns the id of the event. */
export async function noteAct(
  trx: Knex,
  id: string,
  { act, step, by, data = {} }: { act: AnomalyAct; step: string; by: Actor; data?: Record<string, unknown> },
): Promise<number> {
  return noteEvent(trx, {
    entity: 'anomaly',
    entityId: id,
    kind: 'anomaly_act',
    data: { act, step, ...signedBy(by), ...data },
  })
}
