import type { Knex } from 'knex'
import { IS_OPEN } from './known.ts'
import type { Attention, CartKind } from '../../domain/payment/model.ts'
import type { CartState } from '../../domain/states.ts'

/** What the payment process reads of its cart between two steps. */
export interface CartStatusRow {
  state: CartState
  kind: CartKind
  /** Number of attempts without an outcome. */
  open: number
  /** Number of receipts that no settlement has read. */
  unhandled: number
  sendState: string
  url: string | null
  faultCode: string | null
  attention: Attention | null
  begunAtMs: number | null
  /** Milliseconds until the cart expires; negative when it has. */
  openForMs: number
  createdAgoMs: number
  /** Mails about the cart that are pending and that no process is sending. */
  mailIds: string[]
  /** Ente and IUV of the first attempt. */
  /** Cents in open anomalies of the cart: they arrived and no due holds them. */
  unplacedCents: number
  /** Cents of all attempts, and the names of their enti in order; 0 and none before the begin. */
  totalCents: number
  enti: string[]
  enteId: string | null
  iuv: string | null
}

/** @throws RangeError when there is no such cart */
export async function readCartStatus(db: Knex, cartId: string): Promise<CartStatusRow> {
  const { rows } = await db.raw<{ rows: CartStatusRow[] }>(
    `select c.state, c.kind, c.send_state as "sendState", c.redirect_url as url, c.fault_code as "faultCode",
       count(r.id) filter (where ${IS_OPEN})::int as open,
       (select count(*)::int from receipt where receipt.cart_id = c.id and receipt.handled_at is null) as unhandled,
       max(r.attention) as attention,
       (extract(epoch from c.begun_at) * 1000)::bigint as "begunAtMs",
       (extract(epoch from c.expires_at - now()) * 1000)::bigint as "openForMs",
       (extract(epoch from now() - c.created_at) * 1000)::bigint as "createdAgoMs",
       array(select id from email where cart_id = c.id and state = 'pending' and claimed_by is null) as "mailIds",
       (select coalesce(sum(a.unplaced_cents), 0)::bigint from anomaly a
        where a.cart_id = c.id and a.closed_at is null) as "unplacedCents",
       coalesce(sum(r.total_cents), 0)::bigint as "totalCents",
       array(select e.name from attempt t join ente e on e.id = t.ente_id where t.cart_id = c.id order by t.position) as enti,
       (array_agg(r.ente_id order by r.position))[1] as "enteId",
       (array_agg(r.iuv order by r.position))[1] as iuv
     from cart c left join attempt r on r.cart_id = c.id where c.id = ? group by c.id`,
    [cartId],
  )
  if (!rows[0]) throw new RangeError(`no cart ${cartId}`)
  return rows[0]
}
