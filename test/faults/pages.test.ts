import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { waitUntil } from '../setup/wait.ts'
import { aShopper, PAID, payClick } from './tools/citizen.ts'
import { useWorld } from './tools/frame.ts'
import { heldAfter } from './tools/held.ts'
import { hostileBodies } from './tools/hostile.ts'
import {
  aBegunPayment,
  cartBecomes,
  cartOf,
  mailsOf,
  payAndSettle,
  repliesAbout,
  sessionIn,
  timesTaken,
} from './tools/payments.ts'
import { portOf, rawRequest, releaseTogether } from './tools/release.ts'
import { RT_HEADERS, RT_PATH } from './tools/rt-request.ts'
import { openSlowSenders } from './tools/slow-senders.ts'
import { expectSound } from './tools/sound.ts'
import type { World } from './tools/world.ts'

let world: World
useWorld((started) => (world = started))

const port = (): number => portOf(world.urls.public)

const comeBack = (idSession: string, esito: string): Promise<Response> =>
  fetch(`${world.urls.public}/ritorno?${new URLSearchParams({ idSession, esito }).toString()}`)

it('F20: the address says OK and no RT comes, or ERROR and the RT says paid: only the RT is believed', async () => {
  const unpaid = await aBegunPayment(world)
  expect(await (await comeBack(unpaid.idSession, 'OK')).text()).not.toMatch(PAID)
  const paid = await aBegunPayment(world)
  await payAndSettle(world, paid)
  expect(await (await comeBack(paid.idSession, 'ERROR')).text()).toMatch(PAID)
  // The node is asked several times meanwhile, and only its answer counts.
  await sleep(3_000)
  await cartBecomes(world, unpaid, 'requested')
  await world.simulator.pay(unpaid.idSession, 'KO')
  await cartBecomes(world, unpaid, 'not_paid')
  await expectSound(world)
}, 60_000)

it('F24: the way back opened in two tabs at once, then the back button: one outcome, one mail', async () => {
  const payment = await aBegunPayment(world)
  await world.simulator.pay(payment.idSession, 'OK')
  const path = `/ritorno?idSession=${payment.idSession}&esito=OK`
  const tabs = await releaseTogether(port(), Array<string>(2).fill(rawRequest({ method: 'GET', path })))
  await sleep(300)
  const back = await releaseTogether(port(), [rawRequest({ method: 'GET', path })])
  expect([...tabs, ...back].map(({ status, location }) => `${status} ${location}`)).toEqual(
    Array(3).fill(`303 /pagamenti/${payment.cartId}`),
  )
  await cartBecomes(world, payment, 'paid')
  await expectSound(world)
  expect(await mailsOf(world, payment)).toHaveLength(1)
  expect(await world.db('event').where({ entity_id: payment.cartId, to_state: 'paid' })).toHaveLength(1)
})

it('F25: "Paga" posted 20 times in the same instant: one process, one RPT, 20 times the same page', async () => {
  const click = payClick(await aShopper(world, 'anna.moro@example.org'))
  const answers = await releaseTogether(port(), Array<string>(20).fill(click))
  const target = answers[0]!.location!
  expect(answers.map(({ status, location }) => [status, location])).toEqual(Array(20).fill([303, target]))
  // The same form that arrives after the other answers is the same click too.
  const [late] = await releaseTogether(port(), [click])
  expect([late!.status, late!.location]).toEqual([303, target])
  const idSession = sessionIn(target)
  const payment = await cartOf(world, idSession)
  expect(await timesTaken(world, payment)).toEqual([1])
  await payAndSettle(world, { ...payment, idSession })
  await expectSound(world)
})

it('F34: 200 senders of one byte a second: node calls are served in 2 s, and the slow are cut within 60 s', async () => {
  const held = await heldAfter(world, 10)
  const slow = await openSlowSenders([port(), nodePort()], 100)
  const payment = await aBegunPayment(world)
  await payAndSettle(world, payment)
  const [reply] = await repliesAbout(world, payment)
  expect(reply).toMatchObject({ outcome: 'OK' })
  expect(reply!.ms).toBeLessThan(2_000)
  await waitUntil(() => slow.open() === 0, 60_000)
  slow.close()
  await expectSound(world, held)
}, 150_000)

const nodePort = (): number => portOf(world.urls.nodePort)

it('F32: hostile XML gets its fault within a second, reaches nobody and stops nobody', async () => {
  const bait = createServer((_req, res) => void res.end('secret'))
  let visits = 0
  bait.on('connection', () => (visits += 1))
  await new Promise<void>((resolve) => bait.listen(0, '127.0.0.1', resolve))
  const payment = await aBegunPayment(world)
  await lagOf(world)
  for (const [name, body] of Object.entries(hostileBodies((bait.address() as AddressInfo).port))) {
    const startedAt = performance.now()
    const answer = await post(body)
    expect(performance.now() - startedAt, name).toBeLessThan(1_000)
    expect(answer.status, name).toBeLessThan(500)
    expect(answer.text, name).not.toMatch(/<esito>OK|secret|root:/)
  }
  expect(visits).toBe(0)
  expect(await lagOf(world)).toBeLessThan(0.2)
  bait.close()
  await payAndSettle(world, payment)
  await expectSound(world)
}, 60_000)

/** Posts a body. Status 0 when the server closes the connection, as it does for a body above the limit; that is a refusal too. */
async function post(body: Buffer | string): Promise<{ status: number; text: string }> {
  try {
    const answer = await fetch(`${world.urls.nodePort}${RT_PATH}`, {
      method: 'POST',
      headers: RT_HEADERS,
      body,
    })
    return { status: answer.status, text: await answer.text() }
  } catch {
    return { status: 0, text: '' }
  }
}

/** Longest stall of the api's event loop since the last call, in seconds. */
async function lagOf({ urls }: World): Promise<number> {
  const metrics = await (await fetch(`${urls.admin}/metrics`)).text()
  return Number(/^nodejs_eventloop_lag_max_seconds ([\d.e-]+)/m.exec(metrics)![1])
}
