import type { Knex } from 'knex'
import type { AnomalyState } from '../../domain/states.ts'
import { seenBy, type AnomalyReader, type Resolution } from './anomalies.ts'

/** The kinds of anomaly about money that came and found no place. */
const KINDS = ['duplicate', 'paid_after_cancel', 'late_while_paying'] as const

/** Money that came beside what a due asked for, and what people decided about it. */
export interface ExtraMoney {
  anomalyId: string
  kind: (typeof KINDS)[number]
  /** 0 when another due got it. */
  cents: number
  state: AnomalyState
  resolution: Resolution | null
  closedAt: string | null
  /** The number of the payment order with which it went back. */
  reference: string | null
}

/**
 * The money that came too often for a due, or for the dues of a cart, and that somebody has decided about, in order of arrival. Money that
 * waits for a decision is a doubt (db/payment/known.ts); money that paid its due after all is not too much.
 */
export async function extraMoney(
  db: Knex,
  reader: AnomalyReader,
  about: { dueId: string } | { cartId: string },
): Promise<ExtraMoney[]> {
  const seen = seenBy(reader)
  const [dues, id] =
    'dueId' in about
      ? ['select ?::uuid as id', about.dueId]
      : ['select due_id as id from cart_item where cart_id = ?', about.cartId]
  const { rows } = await db.raw<{ rows: ExtraMoney[] }>(
    `with dues as materialized (${dues}),
     -- Found by the indexes of due and cart; an anomaly of a whole attempt names no due.
     near as (select x.id from dues join anomaly x on x.due_id = dues.id
       union select x.id from dues join cart_item i on i.due_id = dues.id join anomaly x on x.cart_id = i.cart_id)
     select a.id as "anomalyId", a.kind, a.unplaced_cents as cents, a.state, a.resolution, a.closed_at as "closedAt",
       a.return_reference as reference
     from near join anomaly a on a.id = near.id
     where exists (select from anomaly_dues(a) about (id) where about.id in (select id from dues))
       and a.kind = any (?) and a.state <> 'open' and a.resolution is distinct from 'settled' and ${seen.sql}
     order by a.id`,
    [id, [...KINDS], ...seen.bindings],
  )
  return rows
}
