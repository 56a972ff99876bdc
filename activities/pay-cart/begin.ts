import type { Knex } from 'knex'
import { insertBegun, lockCart, lockItems, type BeginItem } from '../../db/payment/begin.ts'
import { duesIn } from '../../db/payment/cart.ts'
import { isLocked } from '../../db/ground/errors.ts'
import { cartProblem } from '../../domain/payment/grouping.ts'
import type { BeginAnswer, BegunCart, StatusAsk } from '../../workflows/pay-cart/contract.ts'
import { makeAttempts } from '../../services/payment/make-attempts.ts'
import { firstLook, statusAtBegin, statusOf } from './status.ts'

/**
 * Locks the dues, makes the attempts and moves all states, in one transaction. Safe to repeat: after the first commit the cart is not
 * open any more, and a later call returns the status of the payment as `adopted`.
 */
export async function beginCart(
  db: Knex,
  station: string,
  ask: StatusAsk & { replicaConfirmed: boolean },
): Promise<BegunCart> {
  try {
    return await db.transaction((trx) => beginLocked(trx, station, ask))
  } catch (error) {
    if (!isLocked(error)) throw error
    return declined(db, ask, { kind: 'not_payable', dueIds: await duesIn(db, ask.cartId) })
  }
}

async function beginLocked(
  trx: Knex,
  station: string,
  ask: StatusAsk & { replicaConfirmed: boolean },
): Promise<BegunCart> {
  const cart = await lockCart(trx, ask.cartId)
  if (cart?.state !== 'open') return { kind: 'adopted', status: await statusOf(trx, ask) }
  if (cart.kind === 'citizen' && cart.hasRunOut)
    return declined(trx, ask, { kind: 'problem', code: 'CART_EXPIRED' })
  const items = await lockItems(trx, ask.cartId)
  const objection = objectionTo(items) ?? replicaObjection(items, ask.replicaConfirmed)
  if (objection) return declined(trx, ask, objection)
  const attempts = await makeAttempts(trx, cart, items, station)
  const multiBeneficiario = attempts.length === 2 && attempts[0]!.iuv === attempts[1]!.iuv
  await insertBegun(trx, {
    cartId: cart.id,
    // A multi-beneficiary cart is named by its CCP (docs/field/node-messages.md#sending-a-cart).
    carrelloId: multiBeneficiario ? attempts[0]!.attemptCode : cart.carrelloId,
    multiBeneficiario,
    attempts,
    requestedAt: cart.now,
    firstCheckIn: firstLook(ask),
  })
  return { kind: 'begun', status: statusAtBegin(cart, attempts, ask) }
}

function objectionTo(items: BeginItem[]): BeginAnswer | undefined {
  const code = cartProblem(items.map((item) => ({ hasSecondary: item.shares.length > 1 })))
  if (code) return { kind: 'problem', code }
  const dueIds = items.filter((item) => !isPayable(item)).map((item) => item.dueId)
  return dueIds.length > 0 ? { kind: 'not_payable', dueIds } : undefined
}

function isPayable(item: BeginItem): boolean {
  const enteIsOpen = item.ente.state === 'ESERCIZIO' || item.ente.state === 'PRE-ESERCIZIO'
  return item.state === 'payable' && item.typeActive && !item.expired && !item.isDoubtful && enteIsOpen
}

function replicaObjection(items: BeginItem[], isConfirmed: boolean): BeginAnswer | undefined {
  return !isConfirmed && items.some((item) => item.hasReplica) ? { kind: 'replica' } : undefined
}

async function declined(trx: Knex, ask: StatusAsk, answer: BeginAnswer): Promise<BegunCart> {
  return { kind: 'declined', answer, status: await statusOf(trx, ask) }
}
