import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import type { BehaviourRequest } from '../../../simulator/behaviour/schema.ts'
import type { BeginAnswer } from '../../../workflows/pay-cart/contract.ts'
import { aCart, aDue, anEnte, PAYER } from '../../setup/builders.ts'
import type { World } from '../tools/world.ts'
import type { Order } from './schedule.ts'

const PAUSE_MS = 300
const BEGIN_MS = 8_000
/** Fiscal code of an invented secondary beneficiary. */
const PROVINCE = '77777777777'

export interface Outside {
  /** The node's session of the cart of this ente. Every citizen pays another ente, so the ente identifies the citizen. */
  sessionOf(domain: string): string | undefined
  /** True when the test ends, so that citizens stop trying. */
  isOver: boolean
}

interface Started {
  cartId: string
  domain: string
  email: string
}

export interface Visit {
  world: World
  outside: Outside
  order: Order
  number: number
}

/** Plays one citizen from the cart to the PSP and back, who repeats the same click until there is an answer. */
export async function pay(visit: Visit): Promise<void> {
  const { world, outside, order } = visit
  const started = await untilDone(outside, () => start(visit))
  misbehave(world, order, started)
  const answer = await untilBegun(visit, started)
  if (answer.kind === 'refused') return
  const idSession = await untilTaken(visit, started)
  if (idSession === undefined) return
  await world.simulator.pay(idSession, order.choice)
  if (order.esito !== null) await comeBack(world, idSession, order.esito)
}

/** Runs in a transaction, because the database may go away in the middle. */
const start = (visit: Visit): Promise<Started> => visit.world.db.transaction((trx) => startIn(trx, visit))

async function startIn(db: Knex, { order, number }: Visit): Promise<Started> {
  const email = `payer.${number}@example.org`
  const ente = await anEnte(db)
  const payer = { ...PAYER, email }
  // A due with two beneficiaries has a notice, whose number becomes the key of the cart.
  const secondary = {
    secondary: { domain: PROVINCE, cents: Math.ceil(order.cents / 3) },
    progressive: number + 1,
  }
  const due = { cents: order.cents, pagatore: payer, ...(order.hasSecondary ? secondary : {}) }
  const cartId = await aCart(db, [await aDue(db, ente, due)], payer)
  return { cartId, domain: ente.codiceFiscale, email }
}

function misbehave({ simulator }: World, order: Order, { domain, email }: Started): void {
  const { misbehaviours, spelling } = order
  const rules = Object.entries(misbehaviours).map(([operation, rule]) => ({
    ...rule,
    operation,
    times: 1,
    ...(operation === 'smtp' ? { address: email } : { match: { domain } }),
  }))
  const match = { domain }
  // The rule has no limit of times, so that a second receipt of the same payment is unusual too.
  const unusual = spelling === null ? [] : [{ operation: 'rt', kind: 'unusual', spelling, match }]
  simulator.behave({ rules: [...rules, ...unusual] } as BehaviourRequest)
}

function untilBegun({ world, outside }: Visit, { cartId }: Started): Promise<BeginAnswer> {
  const request = { nonce: randomUUID(), replicaConfirmed: true }
  return untilDone(outside, () => world.processes.begin(cartId, request, BEGIN_MS))
}

/** Waits for the node's session. Undefined when the node refused the cart, because it will never have one then. */
async function untilTaken(
  { world, outside }: Visit,
  { cartId, domain }: Started,
): Promise<string | undefined> {
  for (;;) {
    const idSession = outside.sessionOf(domain)
    if (idSession !== undefined) return idSession
    const cart = await untilDone(outside, () => world.db('cart').first('state').where({ id: cartId }))
    if (cart.state !== 'requested' && cart.state !== 'open') return undefined
    await sleep(PAUSE_MS)
  }
}

/** Follows the redirect back to our page once, without a second try. */
async function comeBack({ urls }: World, idSession: string, esito: string): Promise<void> {
  const url = `${urls.public}/ritorno?${new URLSearchParams({ idSession, esito }).toString()}`
  await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
}

export async function untilDone<T>(outside: Outside, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (outside.isOver) throw error
      await sleep(PAUSE_MS)
    }
  }
}
