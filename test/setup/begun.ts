import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { createPayCartActivities } from '../../activities/pay-cart/index.ts'
import type { Node } from '../../activities/node/port.ts'
import { CHASE } from '../../domain/payment/chase.ts'
import { ABANDON, type PayCartActivities, type StatusAsk } from '../../workflows/pay-cart/contract.ts'
import { aCart } from './builders.ts'
import { standInNode } from './stand-in-node.ts'

export const STATION = '99999900014_01'
export const US = { broker: '99999900014', station: STATION }

export function payCartActivities(db: Knex, node: Node = standInNode()): PayCartActivities {
  return createPayCartActivities({ db, node, mailHost: 'localhost', station: STATION })
}

export const askAbout = (cartId: string, now = Date.now()): StatusAsk => ({
  cartId,
  chase: CHASE,
  abandon: ABANDON,
  now,
  doubts: 0,
})

export interface BegunPayment {
  cartId: string
  attemptIds: string[]
}

/** A cart of these dues after `begin`: its RPTs are stored, and no answer of the node to them. */
export async function aBegunPayment(db: Knex, dueIds: readonly string[]): Promise<BegunPayment> {
  const cartId = await aCart(db, dueIds)
  const begun = await payCartActivities(db).beginCart({ ...askAbout(cartId), replicaConfirmed: true })
  if (begun.kind !== 'begun') throw new Error(`not begun: ${JSON.stringify(begun)}`)
  return { cartId, attemptIds: await attemptIdsOf(db, cartId) }
}

export const attemptIdsOf = (db: Knex, cartId: string): Promise<string[]> =>
  db('attempt').where({ cart_id: cartId }).orderBy('position').pluck('id')

export async function stateOf(
  db: Knex,
  table: 'cart' | 'attempt' | 'due' | 'email',
  id: string,
): Promise<string> {
  const row = (await db(table).first('state').where({ id })) as { state: string }
  return row.state
}

export const anomaliesOf = async (
  db: Knex,
  cartId: string,
): Promise<{ kind: string; unplaced_cents: number }[]> =>
  db('anomaly').select('kind', 'unplaced_cents').where({ cart_id: cartId }).orderBy('created_at')

export const someNonce = (): string => randomUUID()

/** Closes anomalies as a person who has looked at them does. */
export async function closeAnomalies(db: Knex, where: Record<string, unknown>): Promise<void> {
  const [{ id }] = (await db('operator')
    .insert({ codice_fiscale: 'VRDLCU80A01M999K', name: 'Luca Verdi' })
    .onConflict('codice_fiscale')
    .merge()
    .returning('id')) as [{ id: string }]
  await db('anomaly').where(where).update({
    state: 'closed',
    resolution: 'accepted',
    reason: 'verificato',
    closed_at: db.fn.now(),
    closed_by: 'Luca Verdi',
    closed_by_id: id,
  })
}
