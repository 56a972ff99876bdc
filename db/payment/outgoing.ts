import type { Knex } from 'knex'
import type { AttemptKey } from '../../domain/payment/model.ts'
import type { OutgoingCart } from '../../domain/payment/outgoing.ts'
import { OPEN_ATTEMPT_STATES } from '../../domain/states.ts'
import { rowsOf } from '../ground/rows.ts'

/**
 * The message of a requested cart, with the bytes that were stored when it began, so that every send is the same. Undefined when the
 * cart is in another state, or when an older system kept one of its documents.
 */
export async function readOutgoing(db: Knex, cartId: string): Promise<OutgoingCart | undefined> {
  const rows = await rowsOf<OutgoingRow>(
    db('attempt')
      .join('cart', 'cart.id', 'attempt.cart_id')
      .leftJoin('rpt', 'rpt.attempt_id', 'attempt.id')
      .select(
        ...['attempt.domain', 'attempt.iuv', 'attempt.attempt_code as attemptCode', 'rpt.document'],
        ...['cart.carrello_id', 'cart.multi_beneficiario', 'cart.psp'],
      )
      .where({ 'attempt.cart_id': cartId, 'cart.state': 'requested' })
      .orderBy('attempt.position'),
  )
  const [first] = rows
  const attempts = rows.filter(hasDocument)
  if (!first || attempts.length < rows.length) return undefined
  const { carrello_id: carrelloId, multi_beneficiario: multiBeneficiario, psp } = first
  return { carrelloId, multiBeneficiario, attempts, psp: psp ?? undefined }
}

interface OutgoingRow {
  domain: string
  iuv: string
  attemptCode: string
  document: Uint8Array | null
  carrello_id: string
  multi_beneficiario: boolean
  psp: OutgoingCart['psp'] | null
}

const hasDocument = (row: OutgoingRow): row is OutgoingRow & { document: Uint8Array } => row.document !== null

export interface OpenAttempt extends AttemptKey {
  id: string
}

/** Attempts of a cart that wait for an outcome, in order. */
export const openAttempts = (db: Knex, cartId: string): Promise<OpenAttempt[]> =>
  rowsOf<OpenAttempt>(
    db('attempt')
      .select('id', 'domain', 'iuv', 'attempt_code as attemptCode')
      .where({ cart_id: cartId })
      .whereIn('state', OPEN_ATTEMPT_STATES)
      .orderBy('position'),
  )

/** True when the cart has begun and its message was never sent: a PSP began it at a counter. */
export async function isUnsent(db: Knex, cartId: string): Promise<boolean> {
  const cart: unknown = await db('cart')
    .where({ id: cartId, state: 'requested', send_state: 'unsent' })
    .first('id')
  return cart !== undefined
}
