import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { Chase } from '../../../domain/payment/chase.ts'
import type { ForcedReason } from '../../../domain/payment/model.ts'
import type { BeginAnswer } from '../../../workflows/pay-cart/contract.ts'
import { createProcesses, type Processes } from '../../../workflows/processes.ts'
import { attemptIdsOf, stateOf } from '../../setup/begun.ts'
import { aCart, aDue, anEnte, type GivenDue, type TestEnte } from '../../setup/builders.ts'
import { waitUntil } from '../../setup/wait.ts'
import { FAST } from './pace.ts'
import type { World } from './world.ts'

/** Waits as long as a browser would, longer than the page, so that a killed worker is back by then. */
const PATIENT_MS = 40_000

export interface Payment {
  cartId: string
  dueId: string
  nonce: string
}

/** A due in an open cart of its own. Nothing has begun. */
export async function aPayment(world: World, given: GivenDue & { ente?: TestEnte } = {}): Promise<Payment> {
  const ente = given.ente ?? (await anEnte(world.db))
  const dueId = await aDue(world.db, ente, given)
  return { cartId: await aCart(world.db, [dueId]), dueId, nonce: randomUUID() }
}

/** Does what "Paga" does. Another call for the same payment is the same click, because it has the same nonce. */
export const begin = (
  world: World,
  { cartId, nonce }: Payment,
  processes: Processes = world.processes,
): Promise<BeginAnswer> => processes.begin(cartId, { nonce, replicaConfirmed: true }, PATIENT_MS)

/** Processes that begin payments with other waits, given by `chase`. */
export const patientFor = (world: World, chase: Partial<Chase>): Processes =>
  createProcesses(world.client, { ...FAST, chase: { ...FAST.chase, ...chase } })

/** Waits for the node's session, read from the simulator: it exists as soon as the node has taken the cart. */
export async function sessionOf(world: World, { cartId }: Payment): Promise<string> {
  return waitUntil(async () => {
    const { carrello_id } = (await world.db('cart').first('carrello_id').where({ id: cartId })) as {
      carrello_id: string
    }
    return allRpts(world).find((attempt) => attempt.idCart === carrello_id)?.idSession
  })
}

/** A begun payment that the node has taken. */
export async function aBegunPayment(
  world: World,
  given: Parameters<typeof aPayment>[1] & { processes?: Processes } = {},
): Promise<Payment & { idSession: string }> {
  const payment = await aPayment(world, given)
  const answer = await begin(world, payment, given.processes)
  // On a busy machine the page may have to wait, although the node has the cart.
  if (answer.kind === 'waiting') return { ...payment, idSession: await sessionOf(world, payment) }
  if (answer.kind !== 'redirect') throw new Error(`not begun: ${JSON.stringify(answer)}`)
  return { ...payment, idSession: new URL(answer.url).searchParams.get('idSession')! }
}

/** Waits so short that a payment is given up for each reason, with the answers of the node that it needs. */
const GIVING_UP: Record<ForcedReason, { chase: Partial<Chase>; rules: Rules }> = {
  refused: {
    chase: {},
    rules: [
      { operation: 'nodoInviaCarrelloRPT', kind: 'fault', when: 'after', code: 'PPT_SEMANTICA', times: 1 },
    ],
  },
  unknown_to_node: {
    chase: { resendFor: 0, unknownApart: 500 },
    rules: [
      { operation: 'nodoInviaCarrelloRPT', kind: 'drop', when: 'after', times: 1 },
      { operation: 'nodoChiediStatoRPT', kind: 'fault', code: 'PPT_RPT_SCONOSCIUTA' },
    ],
  },
  silence: { chase: { silenceAfter: 1 }, rules: [] },
}
type Rules = NonNullable<Parameters<World['simulator']['behave']>[0]['rules']>

/** A payment that we closed without a receipt, although the node has it and the payer is on the node's page. */
export async function givenUp(world: World, reason: ForcedReason): Promise<Payment> {
  const { chase, rules } = GIVING_UP[reason]
  world.simulator.behave({ rules })
  const payment = await aPayment(world)
  await begin(world, payment, patientFor(world, chase))
  await cartBecomes(world, payment, 'not_paid')
  expect(await world.db('attempt').where({ cart_id: payment.cartId }).pluck('forced_reason')).toEqual([
    reason,
  ])
  world.simulator.behave({ clear: true })
  return payment
}

export const cartBecomes = (world: World, { cartId }: Payment, state: string, ms = 30_000): Promise<true> =>
  waitUntil(async () => (await stateOf(world.db, 'cart', cartId)) === state || undefined, ms)

/** Number of times that the node took each RPT of this cart. */
export async function timesTaken(world: World, { cartId }: Payment): Promise<number[]> {
  const ids = await attemptIdsOf(world.db, cartId)
  const keys = (await world.db('attempt').select('domain', 'iuv', 'ccp').whereIn('id', ids)) as Key[]
  return keys.map((key) => allRpts(world).filter((attempt) => sameKey(attempt, key)).length)
}

interface Key {
  domain: string
  iuv: string
  ccp: string
}

const sameKey = (one: Key, other: Key): boolean =>
  one.domain === other.domain && one.iuv === other.iuv && one.ccp === other.ccp

const allRpts = (world: World): ReturnType<World['simulator']['state']>['rpts'] =>
  world.simulator.state(0, Number.MAX_SAFE_INTEGER).rpts
export const allReplies = (world: World): ReturnType<World['simulator']['state']>['replies'] =>
  world.simulator.state(0, Number.MAX_SAFE_INTEGER).replies
export const allMails = (world: World): ReturnType<World['simulator']['state']>['mails'] =>
  world.simulator.state(0, Number.MAX_SAFE_INTEGER).mails

/** Our answers to the RTs of this cart, as the node recorded them. */
export async function repliesAbout(
  world: World,
  { cartId }: Payment,
): Promise<ReturnType<typeof allReplies>> {
  const keys = (await world.db('attempt').select('domain', 'iuv', 'ccp').where({ cart_id: cartId })) as Key[]
  return allReplies(world).filter((reply) => keys.some((key) => sameKey(reply, key)))
}

/** Receipt mails of this cart that the mail server received, one entry per arrival. */
export async function mailsOf(world: World, { cartId }: Payment): Promise<string[]> {
  const ids = (await world
    .db('email')
    .where({ cart_id: cartId, kind: 'receipt' })
    .pluck('message_id')) as string[]
  const bare = (id: string): string => id.replace(/[<>]/g, '')
  const wanted = new Set(ids.map(bare))
  return allMails(world)
    .map(({ messageId }) => bare(messageId))
    .filter((id) => wanted.has(id))
}
