import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { stateOf } from '../setup/begun.ts'
import { waitUntil } from '../setup/wait.ts'
import { aShopper } from './tools/citizen.ts'
import { useWorld } from './tools/frame.ts'
import {
  aBegunPayment,
  answeredOk,
  aPayment,
  begin,
  cartBecomes,
  mailArrives,
  payAndSettle,
  repliesAbout,
  sessionIn,
  timesTaken,
  urlOf,
  type BegunPayment,
} from './tools/payments.ts'
import { heldAfter } from './tools/held.ts'
import { expectSound } from './tools/sound.ts'
import type { World } from './tools/world.ts'

let world: World
useWorld((started) => (world = started))

const many = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make))

const now = (): string => new Date().toISOString()

it('F9: PostgreSQL stops at once with 50 payments in flight: no OK without a row, normal within 15 s', async () => {
  const held = await heldAfter(world, 50)
  const payments = await many(50, () => aBegunPayment(world))
  const paid = Promise.all(payments.map(({ idSession }) => world.simulator.pay(idSession, 'OK')))
  await waitUntil(async () => (await world.db('receipt').first('id')) !== undefined)
  await world.postgres.crash()
  await sleep(2_000)
  await world.postgres.start()
  const given = { ...held, healedAt: now(), budgetSeconds: 15 }
  await paid
  for (const payment of payments) await cartBecomes(world, payment, 'paid', 60_000)
  await expectSound(world, given)
}, 180_000)

it('F11: Temporal restarts: payments of the outage are accepted late or refused clearly, none is lost, 20 s', async () => {
  const open = await aBegunPayment(world)
  await world.temporal.crash()
  const clicked = await aPayment(world)
  const click = begin(world, clicked).catch(() => undefined)
  await world.simulator.pay(open.idSession, 'OK')
  await answeredOk(world, open)
  await sleep(1_000)
  await world.temporal.start()
  const healedAt = Date.now()
  await cartBecomes(world, open, 'paid', 20_000)
  await click
  expect((await begin(world, clicked)).kind).toBe('redirect')
  expect(Date.now() - healedAt).toBeLessThan(20_000)
  expect(await timesTaken(world, clicked)).toEqual([1])
  await world.simulator.pay(sessionIn(await urlOf(world, clicked)), 'KO')
  await cartBecomes(world, clicked, 'not_paid')
  await expectSound(world)
}, 90_000)

it('F13: Temporal frozen for 60 s: receipts are taken at once, pages say what the tables know', async () => {
  const payments = await many(8, () => aBegunPayment(world))
  const shopper = await aShopper(world, 'anna.moro@example.org')
  world.temporal.freeze()
  try {
    const clicked = shopper.visitor.submit(shopper.cart, '/carrello/paga')
    for (const payment of payments) {
      await expectTakenAtOnce(payment)
      await sleep(FROZEN_MS / payments.length)
    }
    // Nobody knows whether the click arrived, so the page promises nothing and says neither paid nor lost.
    const answer = await clicked
    expect([answer.status, answer.html]).toEqual([503, expect.stringMatching(PAUSED)])
  } finally {
    world.temporal.thaw()
  }
  for (const payment of payments) await cartBecomes(world, payment, 'paid', 60_000)
  const again = await shopper.visitor.submit(shopper.cart, '/carrello/paga')
  await world.simulator.pay(sessionIn(again.location!), 'KO')
  await expectSound(world)
}, 180_000)

const FROZEN_MS = 60_000
const PAUSED = /non riusciamo ad avviare i pagamenti/

async function expectTakenAtOnce(payment: BegunPayment): Promise<void> {
  const startedAt = performance.now()
  await world.simulator.pay(payment.idSession, 'OK')
  const [reply] = await waitUntil(async () => {
    const replies = await repliesAbout(world, payment)
    return replies.length > 0 && replies
  })
  expect(reply).toMatchObject({ outcome: 'OK', status: 200 })
  const page = await fetch(`${world.urls.public}/pagamenti/${payment.cartId}`)
  expect(performance.now() - startedAt).toBeLessThan(2_500)
  expect(page.status).toBe(200)
  expect(await page.text()).not.toMatch(/Nessun importo è stato addebitato/)
}

it('F35: the mail server is away, puts off, hangs: payments go on, each receipt arrives once or twice', async () => {
  world.gates.smtp.set('refuse')
  const away = await aBegunPayment(world)
  await payAndSettle(world, away)
  await sleep(2_000)
  world.gates.smtp.set('pass')
  for (const rule of [
    { kind: 'refuse', code: 450, times: 2 },
    { kind: 'hang', when: 'after', ms: 500, times: 1 },
  ] as const) {
    world.simulator.behave({ clear: true, rules: [{ ...rule, operation: 'smtp' }] })
    const payment = await aBegunPayment(world)
    await world.simulator.pay(payment.idSession, 'OK')
    await mailArrives(world, payment, 30_000)
  }
  await mailArrives(world, away, 30_000)
  await expectSound(world)
}, 120_000)

it('F35: an address refused for good: paid all the same, and the reason is on the mail', async () => {
  world.simulator.behave({ rules: [{ operation: 'smtp', kind: 'refuse', code: 550 }] })
  const payment = await aBegunPayment(world)
  await world.simulator.pay(payment.idSession, 'OK')
  await waitUntil(
    async () => (await world.db('email').where({ cart_id: payment.cartId, state: 'failed' })).length > 0,
  )
  expect(await stateOf(world.db, 'cart', payment.cartId)).toBe('paid')
  const mail = (await world.db('email').first('last_answer').where({ cart_id: payment.cartId })) as object
  expect(mail).toEqual({ last_answer: '550' })
  await expectSound(world)
})

it('F12: the store of Temporal is lost: every open attempt has a process again, nothing is sent twice', async () => {
  const payments = await many(5, () => aBegunPayment(world))
  await world.temporal.lose()
  await world.temporal.start()
  for (const { idSession } of payments) await world.simulator.pay(idSession, 'OK')
  for (const payment of payments) {
    await cartBecomes(world, payment, 'paid', 60_000)
    expect(await timesTaken(world, payment)).toEqual([1])
  }
  await expectSound(world)
}, 120_000)
