import { expect, it } from 'vitest'
import { stateOf } from '../setup/begun.ts'
import { waitUntil } from '../setup/wait.ts'
import { useWorld } from './tools/frame.ts'
import { dieWaitingFor, holdTable } from './tools/hold-table.ts'
import { restart } from './tools/part.ts'
import {
  aBegunPayment,
  aPayment,
  begin,
  cartBecomes,
  mailsOf,
  nodeHolds,
  payAndSettle,
  sessionOf,
  timesTaken,
  urlOf,
  type Payment,
} from './tools/payments.ts'
import { expectSound } from './tools/sound.ts'
import type { World } from './tools/world.ts'

let world: World
useWorld((started) => (world = started))

const sendCart = { operation: 'nodoInviaCarrelloRPT', times: 1 } as const

async function payAndCheck(payment: Payment): Promise<void> {
  await payAndSettle(world, { ...payment, idSession: await sessionOf(world, payment) })
  await expectSound(world)
}

it('F1: the worker dies after the node took the cart: taken once, the same URL, paid', async () => {
  world.simulator.behave({ rules: [{ ...sendCart, kind: 'barrier' }] })
  const payment = await aPayment(world)
  const click = begin(world, payment)
  await nodeHolds(world)
  await world.worker.kill()
  world.simulator.release()
  await world.worker.start()
  const idSession = await sessionOf(world, payment)
  expect(await urlOf(world, payment)).toContain(idSession)
  await click.catch(() => undefined)
  expect(await timesTaken(world, payment)).toEqual([1])
  await payAndCheck(payment)
}, 60_000)

it('F2: the worker dies before the request leaves: one set of numbers, sent once', async () => {
  const lock = await holdTable(world.db, 'attempt')
  const payment = await aPayment(world)
  const click = begin(world, payment)
  await dieWaitingFor(lock, world.worker)
  expect((await click).kind).toBe('redirect')
  expect(await world.db('attempt').where({ cart_id: payment.cartId })).toHaveLength(1)
  expect(await timesTaken(world, payment)).toEqual([1])
  await payAndCheck(payment)
}, 60_000)

it('F3: the worker dies between a stored RT and its settlement: settled within 30 s', async () => {
  const payment = await aBegunPayment(world)
  const lock = await holdTable(world.db, 'settlement')
  await world.simulator.pay(payment.idSession, 'OK')
  await dieWaitingFor(lock, world.worker)
  await cartBecomes(world, payment, 'paid', 30_000)
  expect(await stateOf(world.db, 'due', payment.dueId)).toBe('paid')
  await expectSound(world)
}, 60_000)

it('F4: the worker dies between the "250" and its record: at most two mails, one Message-ID', async () => {
  world.simulator.behave({ rules: [{ operation: 'smtp', kind: 'slow', ms: 4_000, times: 1 }] })
  const payment = await aBegunPayment(world)
  await world.simulator.pay(payment.idSession, 'OK')
  await waitUntil(async () => (await mailsOf(world, payment)).length === 1)
  await restart(world.worker)
  await waitUntil(
    async () => (await world.db('email').where({ cart_id: payment.cartId, state: 'sent' })).length === 1,
    30_000,
  )
  const arrived = await mailsOf(world, payment)
  expect(arrived).toHaveLength(2)
  expect(new Set(arrived).size).toBe(1)
  await expectSound(world)
}, 60_000)

it('F15: an answer that comes too late: the state is asked before anything is sent again', async () => {
  world.simulator.behave({ rules: [{ ...sendCart, kind: 'slow', when: 'after', ms: 4_000 }] })
  const before = { ...world.simulator.state().calls }
  const payment = await aPayment(world)
  expect(await begin(world, payment)).toEqual({ kind: 'waiting' })
  expect(await stateOf(world.db, 'cart', payment.cartId)).toBe('requested')
  await urlOf(world, payment)
  const { calls } = world.simulator.state()
  const grown = (name: string): number => (calls[name] ?? 0) - (before[name] ?? 0)
  expect(grown('nodoInviaCarrelloRPT')).toBe(1)
  expect(grown('nodoChiediStatoRPT')).toBeGreaterThan(0)
  await payAndCheck(payment)
}, 60_000)

it.each([
  ['an unknown fault code', { kind: 'fault', code: 'PPT_CODICE_NUOVO' }],
  ['XML cut in the middle', { kind: 'malformed', when: 'after' }],
  ['an HTML page with 502', { kind: 'html_502' }],
  ['a closed connection', { kind: 'drop', when: 'after' }],
] as const)(
  'F16: the node answers %s: unknown, never failed, and asked again',
  async (_, rule) => {
    world.simulator.behave({ rules: [{ ...sendCart, ...rule }] })
    const payment = await aPayment(world)
    expect((await begin(world, payment)).kind).toBe('waiting')
    await urlOf(world, payment)
    expect(await stateOf(world.db, 'cart', payment.cartId)).toBe('requested')
    expect(await timesTaken(world, payment)).toEqual([1])
    await payAndCheck(payment)
  },
  60_000,
)
