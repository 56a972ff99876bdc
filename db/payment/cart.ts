import type { Knex } from 'knex'
import type { CartKind, SendState } from '../../domain/payment/model.ts'
import type { Person } from '../../domain/person.ts'
import type { CartState } from '../../domain/states.ts'
import { plannedRows } from '../ground/planned.ts'
import { rowOf, rowsOf, valuesOf } from '../ground/rows.ts'

export interface Cart {
  id: string
  kind: CartKind
  state: CartState
  versante: Person
  carrelloId: string
  multiBeneficiario: boolean
  sendState: SendState
  sendAttempts: number
  faultCode: string | null
  redirectUrl: string | null
  nodeSession: string | null
  begunAt: string | null
  returnedAt: string | null
  outcomeAt: string | null
  expiresAt: string
  createdAt: string
}

export const CART_COLUMNS = {
  id: 'cart.id',
  kind: 'cart.kind',
  state: 'cart.state',
  versante: 'cart.versante',
  carrelloId: 'cart.carrello_id',
  multiBeneficiario: 'cart.multi_beneficiario',
  sendState: 'cart.send_state',
  sendAttempts: 'cart.send_attempts',
  faultCode: 'cart.fault_code',
  redirectUrl: 'cart.redirect_url',
  nodeSession: 'cart.node_session',
  begunAt: 'cart.begun_at',
  returnedAt: 'cart.returned_at',
  outcomeAt: 'cart.outcome_at',
  expiresAt: 'cart.expires_at',
  createdAt: 'cart.created_at',
}

/** A citizen's open cart expires when nobody changes it for this long (docs/field/payments.md#cart). */
export const CART_IDLE = '60 minutes'

export const findCart = (db: Knex, id: string): Promise<Cart | undefined> =>
  rowOf<Cart>(db('cart').first(CART_COLUMNS).where({ id }))

export const findCartByNodeSession = (db: Knex, nodeSession: string): Promise<Cart | undefined> =>
  rowOf<Cart>(db('cart').first(CART_COLUMNS).where({ node_session: nodeSession }))

/** The cart, if it is open and has not expired by the clock of the database. */
export const findOpenCart = (db: Knex, id: string): Promise<Cart | undefined> =>
  rowOf<Cart>(
    db('cart').first(CART_COLUMNS).where({ id, state: 'open' }).where('expires_at', '>', db.fn.now()),
  )

export interface NewCart {
  kind: CartKind
  /** For a cart that a PSP begins: its `Activation` (db/payment/psp-payment.ts). */
  psp?: object
  versante: Person
  /** Language of the mails about it; Italian by default. */
  language?: string | undefined
}

/** Stores an open, empty cart and returns its id. */
export async function insertCart(db: Knex, cart: NewCart): Promise<string> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `insert into cart (kind, versante, language, psp, carrello_id, expires_at)
     values (?, ?, ?, ?, replace(gen_random_uuid()::text, '-', ''), now() + ?::interval) returning id`,
    [
      cart.kind,
      JSON.stringify(cart.versante),
      cart.language ?? 'it',
      cart.psp ? JSON.stringify(cart.psp) : null,
      CART_IDLE,
    ],
  )
  return rows[0]!.id
}

/** Changes who pays an open cart: the person who signed in, or another one than the person who filled it. */
export async function giveCart(db: Knex, id: string, versante: Person): Promise<void> {
  await db('cart')
    .where({ id, state: 'open' })
    .update({ versante: JSON.stringify(versante) })
}

/**
 * Adds a due at the end of an open cart and lets the cart live for another hour. Constraints of the table refuse a sixth due and a
 * due that is in the cart already.
 */
export async function addCartItem(db: Knex, cartId: string, dueId: string): Promise<void> {
  await db.raw(
    `with grown as (update cart set expires_at = now() + ?::interval where id = ? and state = 'open' returning id)
     insert into cart_item (cart_id, due_id, position)
     select grown.id, ?, (select coalesce(max(position), 0) + 1 from cart_item where cart_id = grown.id) from grown`,
    [CART_IDLE, cartId, dueId],
  )
}

export interface CartLine {
  dueId: string
  enteName: string
  dueTypeName: string
  causale: string
  importoCents: number
  pagatore: Person
  dueOn: string | null
  state: string
  position: number
  spontaneous: boolean
  iuv: string | null
}

/** The lines of the cart page, in order. Amounts come from here and never from a browser. */
export async function cartLines(db: Knex, cartId: string): Promise<CartLine[]> {
  const rows = await plannedRows<CartLine>(
    db,
    `select d.id as "dueId", e.name as "enteName", t.name as "dueTypeName", d.causale, d.pagatore,
            d.importo_cents as "importoCents", d.due_on as "dueOn", d.state, i.position, d.spontaneous, d.iuv
     from cart_item i join due d on d.id = i.due_id join ente e on e.id = d.ente_id
       join ente_due_type t on t.id = d.ente_due_type_id
     where i.cart_id = ? order by i.position`,
    [cartId],
  )
  return rows
}

/** Ids of the dues in a cart. */
export const duesIn = (db: Knex, cartId: string): Promise<string[]> =>
  valuesOf(db('cart_item').where({ cart_id: cartId }).pluck('due_id'))

/** Ends a cart that was never begun, and cancels its spontaneous dues that are in no other cart (`cancelOrphans`). */
export async function closeCart(trx: Knex, cartId: string, to: CartState): Promise<void> {
  await trx('cart').where({ id: cartId }).update({ state: to })
  await cancelOrphans(trx, await duesIn(trx, cartId))
}

/** The cart, if it is open and has not expired. Locked, so that two additions at the same time get different positions. */
export async function lockOpenCart(trx: Knex, id: string): Promise<Cart | undefined> {
  await trx('cart').where({ id }).forUpdate().first('id')
  return findOpenCart(trx, id)
}

/** Removes a due from an open cart, closes the gap, and cancels the due if it was spontaneous and is in no other cart. */
export async function removeCartItem(db: Knex, cartId: string, dueId: string): Promise<void> {
  await db.transaction(async (trx) => {
    const open = await trx('cart').first('id').where({ id: cartId, state: 'open' }).forUpdate()
    if (!open) return
    await trx('cart_item').where({ cart_id: cartId, due_id: dueId }).delete()
    await closeGaps(trx, cartId)
    await cancelOrphans(trx, [dueId])
  })
}

/**
 * Numbers the lines from 1 again. A new line gets the last position plus one, which must not be 6 while the cart has fewer than five
 * lines. Goes through them in order, because positions are unique.
 */
async function closeGaps(trx: Knex, cartId: string): Promise<void> {
  const items = await rowsOf<{ due_id: string; position: number }>(
    trx('cart_item').where({ cart_id: cartId }).orderBy('position').select('due_id', 'position'),
  )
  for (const [index, item] of items.entries()) {
    if (item.position === index + 1) continue
    await trx('cart_item')
      .where({ cart_id: cartId, due_id: item.due_id })
      .update({ position: index + 1 })
  }
}

/** Expires citizens' open carts whose hour is over by the clock of the database, at most `limit`. Returns how many. */
export async function expireCarts(db: Knex, limit = 100): Promise<number> {
  return db.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: { id: string }[] }>(
      `update cart set state = 'expired' where id in (
         select id from cart where state = 'open' and kind = 'citizen' and expires_at < now()
         order by expires_at limit ? for update skip locked) returning id`,
      [limit],
    )
    const ids = rows.map((row) => row.id)
    if (ids.length === 0) return 0
    await cancelOrphans(trx, await valuesOf(trx('cart_item').whereIn('cart_id', ids).pluck('due_id')))
    return ids.length
  })
}

/** Cancels those of these dues that are spontaneous, have no notice (no IUV) and are in no living cart: nobody can reach them. */
export async function cancelOrphans(trx: Knex, dueIds: readonly string[]): Promise<void> {
  await trx('due')
    .whereIn('id', dueIds)
    .where({ state: 'payable', spontaneous: true })
    .whereNull('iuv')
    .whereNotExists(
      trx('cart_item')
        .join('cart', 'cart.id', 'cart_item.cart_id')
        .whereRaw('cart_item.due_id = due.id')
        .whereNotIn('cart.state', ['expired', 'cancelled', 'archived']),
    )
    .update({ state: 'cancelled', cancelled_reason: 'cart_abandoned' })
}
