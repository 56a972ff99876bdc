import type { Knex } from 'knex'
import { closeCart } from '../../db/payment/cart.ts'
import { lockCart } from '../../db/payment/begin.ts'
import type { CartState } from '../../domain/states.ts'
import type { CartStatus, PayCartActivities, StatusAsk } from '../../workflows/pay-cart/contract.ts'
import { keepAlive } from '../heartbeat.ts'
import { askEach } from './ask.ts'
import { beginCart } from './begin.ts'
import { sendFirst, type PayCartDeps } from './send.ts'
import { settleLocked } from './settle.ts'
import { statusOf } from './status.ts'

/** The activities of the payCart process. Each file has the reason why its activity may run twice. */
export function createPayCartActivities(deps: PayCartDeps & { station: string }): PayCartActivities {
  const { db, mailHost, station } = deps
  const status = (ask: StatusAsk): Promise<CartStatus> => db.transaction((trx) => statusOf(trx, ask))
  return {
    loadCart: status,
    beginCart: (ask) => beginCart(db, station, ask),
    sendCart: (ask) => keepAlive(() => sendFirst(deps, ask)),
    askOutcomes: (ask) => keepAlive(() => askEach(deps, ask).then(() => status(ask))),
    settleCart: (ask) =>
      db.transaction(async (trx) => {
        await settleLocked(trx, ask.cartId, mailHost)
        return statusOf(trx, ask)
      }),
    expireCart: (ask) => closeOpen(db, ask, 'open', 'expired'),
    archiveCart: (ask) => closeOpen(db, ask, 'expired', 'archived'),
    cancelCart: (ask) => closeOpen(db, ask, 'open', 'cancelled'),
  }
}

/** Closes a cart only if it is in the state `from`, so that a repeated call, or one after `beginCart`, changes nothing. */
function closeOpen(db: Knex, ask: StatusAsk, from: CartState, to: CartState): Promise<CartStatus> {
  return db.transaction(async (trx) => {
    const cart = await lockCart(trx, ask.cartId)
    if (cart?.state === from) await closeCart(trx, ask.cartId, to)
    return statusOf(trx, ask)
  })
}
