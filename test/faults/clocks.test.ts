import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { stateOf } from '../setup/begun.ts'
import { waitUntil } from '../setup/wait.ts'
import { aShopper, PAID, type Shopper } from './tools/citizen.ts'
import { useWorld } from './tools/frame.ts'
import { expectOneClock } from './tools/instants.ts'
import {
  aBegunPayment,
  aPayment,
  begin,
  cartBecomes,
  cartOf,
  givenUp,
  mailsOf,
  patientFor,
  payAndSettle,
  sessionIn,
  sessionOf,
  timesTaken,
  type BegunPayment,
  type Payment,
} from './tools/payments.ts'
import { expectSound } from './tools/sound.ts'
import type { World } from './tools/world.ts'

let world: World
useWorld((started) => (world = started))

const HOUR = 3_600_000

let shoppers = 0
const aNewShopper = (): Promise<Shopper> => aShopper(world, `clock.${'abcdefgh'[shoppers++]}@example.org`)

/** Clicks "Paga", pays at the PSP and comes back; returns the text of the payment page. */
async function pays({ visitor, cart }: Shopper): Promise<string> {
  const clicked = await visitor.submit(cart, '/carrello/paga')
  expect(clicked.status).toBe(303)
  const idSession = sessionIn(clicked.location!)
  await payAndSettle(world, { ...(await cartOf(world, idSession)), idSession })
  const back = await visitor.get(`/ritorno?idSession=${idSession}&esito=OK`)
  return (await visitor.get(new URL(back.location!).pathname)).html
}

async function restart(name: 'worker' | 'api', clockAheadMs?: number): Promise<void> {
  await world[name].stop()
  await world[name].start(clockAheadMs === undefined ? {} : { clockAheadMs })
  // Waits until the times in its log show that its clock has moved.
  const log = world.logs.find((path) => path.endsWith(`/${name}.log`))!
  await waitUntil(() => Math.abs(lastLineOf(log) - Date.now() - (clockAheadMs ?? 0)) < HOUR / 2)
}

/** Time of the last log line of a part, by its own clock. Lines that are no JSON come from Temporal's library and are skipped. */
function lastLineOf(log: string): number {
  const lines = readFileSync(log, 'utf8').split('\n')
  const last = lines.findLast((line) => line.startsWith('{') && line.endsWith('}'))
  return (JSON.parse(last!) as { time: number }).time
}

describe('F39: the clock of the api', () => {
  afterEach(() => restart('api'))

  it.each([
    ['an hour ahead', HOUR],
    ['an hour behind', -HOUR],
    ['25 hours ahead', 25 * HOUR],
  ])(
    'is %s: links, carts and outcomes run on the clock of the database',
    async (_, aheadMs) => {
      await restart('api', aheadMs)
      expect(await pays(await aNewShopper())).toMatch(PAID)
      await expectSound(world)
      await expectOneClock(world)
    },
    60_000,
  )

  it('is set forth and back while citizens have a cart: they pay with the session they have', async () => {
    await restart('api', 0)
    for (const aheadMs of [HOUR, -HOUR]) {
      const shopper = await aNewShopper()
      await world.api.stepClock(aheadMs)
      expect(await pays(shopper)).toMatch(PAID)
    }
    await expectSound(world)
    await expectOneClock(world)
  }, 60_000)
})

describe('F39: the clock of the worker', () => {
  afterEach(() => restart('worker'))

  it.each([
    ['an hour ahead', HOUR],
    ['an hour behind', -HOUR],
  ])(
    'is %s: carts expire by the clock of the database, and the links of its mails are good',
    async (_, aheadMs) => {
      await restart('worker', aheadMs)
      const [fresh, runOut] = [await aPayment(world), await aPayment(world)]
      await expiresIn(fresh, 30)
      await expiresIn(runOut, 0)
      await cartBecomes(world, runOut, 'expired')
      expect(await stateOf(world.db, 'cart', fresh.cartId)).toBe('open')
      expect(await pays(await aNewShopper())).toMatch(PAID)
      await expectSound(world)
      await expectOneClock(world)
    },
    60_000,
  )

  it.each([
    ['an hour ahead', HOUR],
    ['an hour behind', -HOUR],
  ])(
    'is %s: what is young is neither given up nor left unsent, what is old enough is given up',
    async (_, aheadMs) => {
      await restart('worker', aheadMs)
      const young = await aBegunPayment(world, {
        processes: patientFor(world, { silenceAfter: HOUR / 2 }),
      })
      world.simulator.behave({ rules: [{ operation: 'nodoInviaCarrelloRPT', kind: 'drop', times: 1 }] })
      const unsent = await aPayment(world)
      expect((await begin(world, unsent)).kind).toBe('waiting')
      // The cart is sent again, because the node does not have it and half an hour has not passed.
      const idSession = await sessionOf(world, unsent)
      await givenUp(world, 'unknown_to_node')
      // There are more answers than silence requires, so only its age keeps the payment open.
      await waitUntil(async () => (await nodeAnswers(young)) > 4)
      expect(await stateOf(world.db, 'cart', young.cartId)).toBe('requested')
      for (const id of [young.idSession, idSession]) await world.simulator.pay(id, 'OK')
      for (const payment of [young, unsent]) await cartBecomes(world, payment, 'paid')
      expect(await timesTaken(world, unsent)).toEqual([1])
      await expectSound(world)
      await expectOneClock(world)
    },
    60_000,
  )

  it('is set forth and back while payments are in flight: each is sent, paid and mailed once', async () => {
    await restart('worker', 0)
    // The mail server refuses the first mails for now, so that their next try is due after a change of the clock.
    world.simulator.behave({ rules: [{ operation: 'smtp', kind: 'refuse', code: 450, times: 3 }] })
    const payments: BegunPayment[] = []
    for (const aheadMs of [HOUR, -HOUR, 25 * HOUR, 0]) {
      const inFlight = [await aBegunPayment(world), await aBegunPayment(world)]
      payments.push(...inFlight)
      await world.worker.stepClock(aheadMs)
      await world.simulator.pay(inFlight[0]!.idSession, 'OK')
    }
    for (const { idSession } of payments) await world.simulator.pay(idSession, 'OK')
    for (const payment of payments) await cartBecomes(world, payment, 'paid')
    await expectSound(world)
    await expectOneClock(world)
    for (const payment of payments) {
      expect(await timesTaken(world, payment)).toEqual([1])
      expect(await mailsOf(world, payment)).toHaveLength(1)
    }
  }, 60_000)
})

/** Sets the end of a cart to so many minutes from now, by the clock of the database. */
const expiresIn = ({ cartId }: Payment, minutes: number): Promise<unknown> =>
  world.db.raw(`update cart set expires_at = now() + ? * interval '1 minute' where id = ?`, [minutes, cartId])

const nodeAnswers = async ({ cartId }: Payment): Promise<number> =>
  ((await world.db('attempt').first('node_answers').where({ cart_id: cartId })) as { node_answers: number })
    .node_answers
