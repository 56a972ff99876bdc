import type { Knex } from 'knex'
import type { PaymentFacts } from '../../domain/payment/known.ts'
import { FACTS, FACTS_FROM } from './known.ts'
import { plannedRows } from '../ground/planned.ts'

/**
 * The twins of a due `d`: other dues of the same ente, type, pagatore and causale that are paid or being paid in a cart `oc` begun within
 * the last 24 hours (docs/field/payments.md#replica).
 */
export const TWINS_FROM = `due other join cart_item oi on oi.due_id = other.id join cart oc on oc.id = oi.cart_id
  where other.pagatore_codice = d.pagatore_codice and other.id <> d.id
    and other.ente_due_type_id = d.ente_due_type_id and other.causale = d.causale
    and other.state in ('paying', 'paid') and oc.begun_at > now() - interval '24 hours'`

/** A payment that may be for the same thing as the one about to begin. */
export interface TwinPayment extends PaymentFacts {
  cartId: string
  importoCents: number
  begunAt: string
  /** Codice fiscale of the account that began it. */
  versanteCodice: string
}

const MOST = 5

/** The payments that the warning before paying shows: the latest one of each twin of the cart's spontaneous dues, at most 5. */
export async function twinsOf(db: Knex, cartId: string): Promise<TwinPayment[]> {
  return plannedRows<TwinPayment>(
    db,
    `select c.id as "cartId", twin.cents as "importoCents", c.begun_at as "begunAt", c.versante_codice as "versanteCodice",
       ${FACTS}
     from cart_item i join due d on d.id = i.due_id
       cross join lateral (select distinct on (other.id) oc.id, other.importo_cents as cents from ${TWINS_FROM}
         order by other.id, oc.begun_at desc) twin
       join cart c on c.id = twin.id ${FACTS_FROM}
     where i.cart_id = ? and d.spontaneous order by c.begun_at desc limit ${MOST}`,
    [cartId],
  )
}
