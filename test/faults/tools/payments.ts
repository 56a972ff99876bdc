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

export interface Payment extends OfCart {
  dueId: string
  nonce: string
}

interface OfCart {
  cartId: string
}

/** A payment that the node has, with the session of the node's page. */
export interface BegunPayment extends Payment {
  idSession: string
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
export async function sessionOf(world: World, { cartId }: OfCart): Promise<string> {
  return waitUntil(async () => {
    const { carrello_id } = (await world.db('cart').first('carrello_id').where({ id: cartId })) as {
      carrello_id: string
    }
    return allRpts(world).find((attempt) => attempt.idCart === carrello_id)?.idSession
  })
}

/** The session in an address of the node's page. */
export const sessionIn = (url: string): string => new URL(url).searchParams.get('idSession')!

/** The cart that has a session of the node's page. */
export async function cartOf(world: World, idSession: string): Promise<OfCart> {
  const { id } = (await world.db('cart').first('id').where({ node_session: idSession })) as { id: string }
  return { cartId: id }
}

/** Waits until the address of the node's page is stored, which the citizen gets on the page. */
export async function urlOf(world: World, { cartId }: OfCart): Promise<string> {
  return waitUntil(async () => {
    const row = (await world.db('cart').first('redirect_url').where({ id: cartId })) as {
      redirect_url: string | null
    }
    return row.redirect_url ?? undefined
  }, 20_000)
}

/** Pays at the PSP and waits until the cart is paid. */
export async function payAndSettle(
  world: World,
  payment: OfCart & { idSession: string },
  ms?: number,
): Promise<void> {
  await world.simulator.pay(payment.idSession, 'OK')
  await cartBecomes(world, payment, 'paid', ms)
}

/** A begun payment that the node has taken. */
export async function aBegunPayment(
  world: World,
  given: Parameters<typeof aPayment>[1] & { processes?: Processes } = {},
): Promise<BegunPayment> {
  const payment = await aPayment(world, given)
  const answer = await begin(world, payment, given.processes)
  // On a busy machine the page may have to wait, although the node has the cart.
  if (answer.kind === 'waiting') return { ...payment, idSession: await sessionOf(world, payment) }
  if (answer.kind !== 'redirect') throw new Error(`not begun: ${JSON.stringify(answer)}`)
  return { ...payment, idSession: sessionIn(answer.url) }
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

export const cartBecomes = (world: World, { cartId }: OfCart, state: string, ms = 30_000): Promise<true> =>
  waitUntil(async () => (await stateOf(world.db, 'cart', cartId)) === state || undefined, ms)

/** Number of times that the node took each RPT of this cart. */
export async function timesTaken(world: World, { cartId }: OfCart): Promise<number[]> {
  const ids = await attemptIdsOf(world.db, cartId)
  const keys = (await world
    .db('attempt')
    .select('domain', 'iuv', 'attempt_code as ccp')
    .whereIn('id', ids)) as Key[]
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
export async function repliesAbout(world: World, { cartId }: OfCart): Promise<ReturnType<typeof allReplies>> {
  const keys = (await world
    .db('attempt')
    .select('domain', 'iuv', 'attempt_code as ccp')
    .where({ cart_id: cartId })) as Key[]
  return allReplies(world).filter((reply) => keys.some((key) => sameKey(reply, key)))
}

/** Receipt mails of this cart that the mail server received, one entry per arrival. */
export async function mailsOf(world: World, { cartId }: OfCart): Promise<string[]> {
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

/** Waits until the mail server has a receipt mail of this cart. */
export const mailArrives = (world: World, payment: OfCart, ms?: number): Promise<boolean> =>
  waitUntil(async () => (await mailsOf(world, payment)).length > 0, ms)

/** Waits until the node has our OK to an RT of this cart. */
export const answeredOk = (world: World, payment: OfCart): Promise<boolean> =>
  waitUntil(async () => (await repliesAbout(world, payment)).some(({ outcome }) => outcome === 'OK'))

/** Waits until the node holds an answer at a barrier. */
export const nodeHolds = (world: World): Promise<boolean> => waitUntil(() => world.simulator.held() === 1)
