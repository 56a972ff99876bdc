import type { Knex } from 'knex'
import type { Person } from '../../domain/person.ts'
import type { CartState } from '../../domain/states.ts'
import { plannedRows } from '../ground/planned.ts'

/** Filled by a citizen, opened by an ente's software, or begun by a PSP with a printed notice. */
export type CartKind = 'citizen' | 'ente' | 'psp'

export interface Cart {
  id: string
  kind: CartKind
  state: CartState
  versante: Person
  carrelloId: string
  multiBeneficiario: boolean
  sendState: 'unsent' | 'in_doubt' | 'accepted' | 'refused'
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

/** A citizen's open cart that nobody touches for this long expires (docs/field/payments.md#cart). */
export const CART_IDLE = '60 minutes'

export async function findCart(db: Knex, id: string): Promise<Cart | undefined> {
  return db('cart').first(CART_COLUMNS).where({ id }) as unknown as Promise<Cart | undefined>
}

export async function findCartByNodeSession(db: Knex, nodeSession: string): Promise<Cart | undefined> {
  return db('cart').first(CART_COLUMNS).where({ node_session: nodeSession }) as unknown as Promise<
    Cart | undefined
  >
}

/** An open cart that has not run out, by the database's clock. */
export async function findOpenCart(db: Knex, id: string): Promise<Cart | undefined> {
  return db('cart')
    .first(CART_COLUMNS)
    .where({ id, state: 'open' })
    .where('expires_at', '>', db.fn.now()) as unknown as Promise<Cart | undefined>
}

export interface NewCart {
  kind: CartKind
  /** Who activated it, for a cart that a PSP begins. */
  psp?: object
  versante: Person
  /** Of the mails about it. */
  language?: string | undefined
}

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

/** Who pays an open cart: somebody who signed in, or another person than the one who filled it. */
export async function giveCart(db: Knex, id: string, versante: Person): Promise<void> {
  await db('cart')
    .where({ id, state: 'open' })
    .update({ versante: JSON.stringify(versante) })
}

/** Adds a due at the end, and gives the cart another hour. The unique keys refuse a sixth and a duplicate. */
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

/** What the cart page shows: amounts come from here, never from a browser. */
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
export async function duesIn(db: Knex, cartId: string): Promise<string[]> {
  return (await db('cart_item').where({ cart_id: cartId }).pluck('due_id')) as string[]
}

/** Ends a cart that was never begun; spontaneous dues that nobody else can reach are cancelled with it. */
export async function closeCart(trx: Knex, cartId: string, to: CartState): Promise<void> {
  await trx('cart').where({ id: cartId }).update({ state: to })
  await cancelOrphans(trx, await duesIn(trx, cartId))
}

/** An open cart that has not run out, locked so that two additions at once take two positions. */
export async function lockOpenCart(trx: Knex, id: string): Promise<Cart | undefined> {
  await trx('cart').where({ id }).forUpdate().first('id')
  return findOpenCart(trx, id)
}

/** Removes a line and closes the gap; a spontaneous due nobody else can reach is cancelled with it. */
export async function removeCartItem(db: Knex, cartId: string, dueId: string): Promise<void> {
  await db.transaction(async (trx) => {
    const open = await trx('cart').first('id').where({ id: cartId, state: 'open' }).forUpdate()
    if (!open) return
    await trx('cart_item').where({ cart_id: cartId, due_id: dueId }).delete()
    await closeGaps(trx, cartId)
    await cancelOrphans(trx, [dueId])
  })
}

/** A new line goes to the end, which must not be the sixth while there is room. In order: positions are unique. */
async function closeGaps(trx: Knex, cartId: string): Promise<void> {
  const items = (await trx('cart_item')
    .where({ cart_id: cartId })
    .orderBy('position')
    .select('due_id', 'position')) as { due_id: string; position: number }[]
  for (const [index, item] of items.entries()) {
    if (item.position === index + 1) continue
    await trx('cart_item')
      .where({ cart_id: cartId, due_id: item.due_id })
      .update({ position: index + 1 })
  }
}

/** Open carts past their hour, by the database's clock. Returns how many expired. */
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
    const dues = await trx('cart_item').whereIn('cart_id', ids).pluck('due_id')
    await cancelOrphans(trx, dues as string[])
    return ids.length
  })
}

/** Spontaneous dues without a notice live only in a cart: out of every open cart they end. */
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
