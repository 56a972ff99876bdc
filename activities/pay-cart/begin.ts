import type { Knex } from 'knex'
import { hasReplica, insertBegun, lockCart, lockItems, type BeginItem } from '../../db/begin.ts'
import { isLocked } from '../../db/errors.ts'
import { cartProblem } from '../../domain/payment/grouping.ts'
import type { BeginAnswer, BegunCart, StatusAsk } from '../../workflows/pay-cart/contract.ts'
import { makeRpts } from './rpts.ts'
import { lookInFor, statusOf } from './status.ts'

/**
 * Locks the dues, makes the RPTs and moves all states, in one transaction.
 * Safe to repeat: the cart is no longer open after the first commit, and a later call adopts what is there.
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
    const items = (await db('cart_item').where({ cart_id: ask.cartId }).pluck('dovuto_id')) as string[]
    return declined(db, ask, { kind: 'not_payable', dovutoIds: items })
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
  const objection = objectionTo(items) ?? (await replicaObjection(trx, ask))
  if (objection) return declined(trx, ask, objection)
  const rpts = await makeRpts(trx, cart, items, station)
  const multiBeneficiario = rpts.length === 2 && rpts[0]!.iuv === rpts[1]!.iuv
  await insertBegun(trx, {
    cartId: cart.id,
    // A multi-beneficiary cart is named by its CCP (pagopa.md §4.2).
    carrelloId: multiBeneficiario ? rpts[0]!.ccp : cart.carrelloId,
    multiBeneficiario,
    rpts,
    dovutoIds: items.map((item) => item.dovutoId),
    requestedAt: cart.now,
    firstCheckIn: lookInFor({ begunAtMs: null, sendState: 'in_doubt' }, ask),
  })
  return { kind: 'begun', status: await statusOf(trx, ask) }
}

function objectionTo(items: BeginItem[]): BeginAnswer | undefined {
  const code = cartProblem(items.map((item) => ({ hasSecondary: item.shares.length > 1 })))
  if (code) return { kind: 'problem', code }
  const dovutoIds = items.filter((item) => !isPayable(item)).map((item) => item.dovutoId)
  return dovutoIds.length > 0 ? { kind: 'not_payable', dovutoIds } : undefined
}

function isPayable(item: BeginItem): boolean {
  const enteIsOpen = item.ente.state === 'ESERCIZIO' || item.ente.state === 'PRE-ESERCIZIO'
  return item.state === 'payable' && item.typeActive && !item.expired && enteIsOpen
}

async function replicaObjection(
  trx: Knex,
  ask: { cartId: string; replicaConfirmed: boolean },
): Promise<BeginAnswer | undefined> {
  if (ask.replicaConfirmed) return undefined
  return (await hasReplica(trx, ask.cartId)) ? { kind: 'replica' } : undefined
}

async function declined(trx: Knex, ask: StatusAsk, answer: BeginAnswer): Promise<BegunCart> {
  return { kind: 'declined', answer, status: await statusOf(trx, ask) }
}
