import type { Request } from 'express'
import type { Knex } from 'knex'
import { cartLines, findCart, findOpenCart, type Cart, type CartLine } from '../../db/payment/cart.ts'
import { listPayments } from '../../db/payment/outcome.ts'
import type { ShownCart } from './cart-view.ts'
import { citizenOf, keepPayment } from '../middleware/session.ts'

export type SessionCart =
  | { kind: 'none' }
  | { kind: 'open'; cart: Cart; lines: CartLine[] }
  /** "Paga" has begun the payment, perhaps from another tab, or its answer was lost. */
  | { kind: 'begun' }
  | { kind: 'expired' }

/** The cart of this session, as it is in the database. A cart that is no longer open is removed from the session. */
export async function sessionCart(db: Knex, req: Request): Promise<SessionCart> {
  const { cartId } = req.session
  if (cartId === undefined) return { kind: 'none' }
  const cart = await findOpenCart(db, cartId)
  if (cart) return { kind: 'open', cart, lines: await cartLines(db, cartId) }
  const other = await findCart(db, cartId)
  if (other?.begunAt != null) {
    keepPayment(req, cartId)
    return { kind: 'begun' }
  }
  delete req.session.cartId
  return { kind: 'expired' }
}

/** The values of the cart page that come from the session: its cart and the payments that it has begun. */
export async function shownCart(
  db: Knex,
  req: Request,
  found: SessionCart,
): Promise<Pick<ShownCart, 'cartId' | 'versante' | 'lines' | 'payments' | 'isSignedIn'>> {
  const payments = await listPayments(db, req.session.payments ?? [])
  const isSignedIn = citizenOf(req) !== undefined
  if (found.kind !== 'open')
    return { cartId: undefined, versante: undefined, lines: [], payments, isSignedIn }
  return { cartId: found.cart.id, versante: found.cart.versante, lines: found.lines, payments, isSignedIn }
}
