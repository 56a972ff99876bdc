import { randomUUID } from 'node:crypto'
import { beforeEach, expect, it } from 'vitest'
import { MUTATIONS } from '../../simulator/behaviour/kinds.ts'
import { anomaliesOf, attemptIdsOf, stateOf } from '../setup/begun.ts'
import { aCart } from '../setup/builders.ts'
import { buildRtFor } from '../setup/rt.ts'
import { waitUntil } from '../setup/wait.ts'
import { useWorld } from './tools/frame.ts'
import {
  aBegunPayment,
  allReplies,
  answeredOk,
  aPayment,
  begin,
  cartBecomes,
  givenUp,
  mailArrives,
  mailsOf,
  nodeHolds,
  payAndSettle,
  repliesAbout,
  sessionOf,
  type Payment,
} from './tools/payments.ts'
import { portOf, rawRequest, releaseTogether } from './tools/release.ts'
import { RT_HEADERS, RT_PATH } from './tools/rt-request.ts'
import { expectSound } from './tools/sound.ts'
import { RETRIES, type World } from './tools/world.ts'

let world: World
useWorld((started) => (world = started))
beforeEach(() => world.simulator.behave({ settings: { rtRetryMs: RETRIES } }))

const storedReceipts = ({ cartId }: Payment): Promise<{ answer: string; settling: boolean }[]> =>
  world.db('receipt').select('answer', 'settling').where({ cart_id: cartId }).orderBy('received_at')

const kindsOf = async ({ cartId }: Payment): Promise<string[]> =>
  (await anomaliesOf(world.db, cartId)).map(({ kind }) => kind)

/** Makes the simulated PSP send one more receipt, like a person on its page can. */
async function bringReceipt({ cartId }: Payment, azione: 'positive' | 'negative'): Promise<void> {
  const attempt = await world
    .db('attempt')
    .first('domain', 'iuv', 'attempt_code as ccp')
    .where({ cart_id: cartId })
  await fetch(`${world.simulator.url}/azioni/rt`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ rpt: `${attempt.domain}|${attempt.iuv}|${attempt.ccp}`, azione }),
  })
}

it('F5: the api dies between the stored RT and the signal: settled by the sweep, nobody calls again', async () => {
  const payment = await aBegunPayment(world)
  world.gates.temporal.set('freeze')
  await world.simulator.pay(payment.idSession, 'OK')
  await waitUntil(async () => (await storedReceipts(payment)).length === 1)
  await world.api.kill()
  world.gates.temporal.set('pass')
  await cartBecomes(world, payment, 'paid', 60_000)
  await world.api.start()
  await expectSound(world)
}, 90_000)

it('F6: the api dies after the commit, before its answer: the node sends again and is answered the same', async () => {
  const payment = await aBegunPayment(world)
  world.gates.nodePort.set('lose_answer')
  await world.simulator.pay(payment.idSession, 'OK')
  await waitUntil(async () => (await storedReceipts(payment)).length === 1)
  await world.api.kill()
  world.gates.nodePort.set('pass')
  await world.api.start()
  await answeredOk(world, payment)
  await cartBecomes(world, payment, 'paid')
  expect(await storedReceipts(payment)).toEqual([{ answer: 'accepted', settling: true }])
  await expectSound(world)
}, 60_000)

it('F17: one RT 48 times, then another 10 times in the same instant: always OK, one settlement, one mail', async () => {
  for (const rule of [{ count: 48 }, { count: 10, parallel: true }]) {
    world.simulator.behave({ clear: true, rules: [{ operation: 'rt', kind: 'copies', ...rule }] })
    const payment = await aBegunPayment(world)
    await world.simulator.pay(payment.idSession, 'OK')
    const replies = await waitUntil(async () => {
      const found = await repliesAbout(world, payment)
      return found.length >= rule.count ? found : undefined
    })
    expect(new Set(replies.map(({ outcome, status }) => `${outcome} ${status}`))).toEqual(new Set(['OK 200']))
    expect(new Set(replies.map(({ replySha256 }) => replySha256)).size).toBe(1)
    await cartBecomes(world, payment, 'paid')
    expect(await storedReceipts(payment)).toEqual([{ answer: 'accepted', settling: true }])
    await mailArrives(world, payment)
    expect(await mailsOf(world, payment)).toHaveLength(1)
  }
  await expectSound(world)
})

it('F17: the last byte of ten copies at once: ten times the same answer', async () => {
  world.simulator.behave({ rules: [{ operation: 'paaInviaRT', kind: 'barrier' }] })
  const payment = await aBegunPayment(world)
  await world.simulator.pay(payment.idSession, 'KO')
  await nodeHolds(world)
  const { envelope } = await buildRtFor(world.db, (await attemptIdsOf(world.db, payment.cartId))[0]!, {
    outcome: 1,
  })
  const body = Buffer.from(envelope).toString('utf8')
  const request = rawRequest({ path: RT_PATH, headers: RT_HEADERS, body })
  const answers = await releaseTogether(portOf(world.urls.nodePort), Array<string>(10).fill(request))
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect(answers.every(({ text }) => text.includes('<esito>OK</esito>'))).toBe(true)
  world.simulator.release()
  await cartBecomes(world, payment, 'not_paid')
  await expectSound(world)
})

it('F18: two documents for one RPT: both kept, the second is a duplicate that an operator sees', async () => {
  world.simulator.behave({ rules: [{ operation: 'rt', kind: 'second_document' }] })
  const payment = await aBegunPayment(world)
  await world.simulator.pay(payment.idSession, 'OK')
  await waitUntil(async () => (await kindsOf(payment)).includes('duplicate'))
  expect(await storedReceipts(payment)).toEqual([
    { answer: 'accepted', settling: true },
    { answer: 'second_receipt', settling: false },
  ])
  await expectSound(world)
})

it('F19: the RT arrives while the answer to our cart is still on its way', async () => {
  const rules = [{ operation: 'nodoInviaCarrelloRPT', kind: 'barrier', times: 1 } as const]
  world.simulator.behave({ rules })
  const payment = await aPayment(world)
  const click = begin(world, payment)
  await nodeHolds(world)
  await world.simulator.pay(await sessionOf(world, payment), 'OK')
  await waitUntil(async () => (await storedReceipts(payment)).length === 1)
  world.simulator.release()
  await click
  await cartBecomes(world, payment, 'paid')
  await expectSound(world)
})

it('F21: money after the citizen gave up and the ente cancelled the due: kept, answered OK or duplicated, on the work list', async () => {
  const payment = await aBegunPayment(world)
  await world.simulator.pay(payment.idSession, 'EXIT')
  await cartBecomes(world, payment, 'not_paid')
  await cancelDue(payment)
  await bringReceipt(payment, 'positive')
  await waitUntil(async () => (await kindsOf(payment)).includes('paid_after_cancel'))
  expect(await stateOf(world.db, 'due', payment.dueId)).toBe('cancelled')
  await expectSound(world)
})

it('F21: money of an attempt given up arrives while a new attempt is open: it pays the due once', async () => {
  const first = await aBegunPayment(world)
  await world.simulator.pay(first.idSession, 'EXIT')
  await cartBecomes(world, first, 'not_paid')
  const second = await again(first)
  await bringReceipt(first, 'positive')
  await waitUntil(async () => (await kindsOf(first)).includes('late_while_paying'))
  await world.simulator.pay(await sessionOf(world, second), 'KO')
  await waitUntil(async () => (await stateOf(world.db, 'due', first.dueId)) === 'paid')
  await expectSound(world)
})

it.each(['silence', 'unknown_to_node', 'refused'] as const)(
  'F21: money of a payment given up by %s: kept, answered OK, reopened, paid once',
  async (reason) => {
    const payment = await givenUp(world, reason)
    expect(await stateOf(world.db, 'due', payment.dueId)).toBe('payable')
    await world.simulator.pay(await sessionOf(world, payment), 'OK')
    await cartBecomes(world, payment, 'paid')
    expect(await storedReceipts(payment)).toEqual([{ answer: 'accepted', settling: true }])
    expect(await kindsOf(payment)).toEqual(['receipt_after_forced'])
    expect(await stateOf(world.db, 'due', payment.dueId)).toBe('paid')
    expect(await world.db('settlement').where({ due_id: payment.dueId })).toHaveLength(1)
    await expectSound(world)
  },
)

it('F21: the ente cancels the due of a payment given up, then its money comes: OK, on the work list to the cent', async () => {
  const payment = await givenUp(world, 'unknown_to_node')
  await cancelDue(payment)
  await world.simulator.pay(await sessionOf(world, payment), 'OK')
  await waitUntil(async () => (await kindsOf(payment)).includes('paid_after_cancel'))
  expect(await storedReceipts(payment)).toEqual([{ answer: 'accepted', settling: true }])
  const unplaced = (await anomaliesOf(world.db, payment.cartId)).map((row) => Number(row.unplaced_cents))
  expect(unplaced.reduce((sum, cents) => sum + cents, 0)).toBe(1050)
  expect(await stateOf(world.db, 'due', payment.dueId)).toBe('cancelled')
  await expectSound(world)
})

it('F21: the due date and the hour of the cart pass while the payer is at the PSP: paid all the same', async () => {
  const begun = await aBegunPayment(world)
  const left = { ...begun, cartId: await aCart(world.db, [begun.dueId]) }
  await world.db('due').where({ id: begun.dueId }).update({ due_on: '2020-01-31' })
  await world
    .db('cart')
    .whereIn('id', [begun.cartId, left.cartId])
    .update({ expires_at: world.db.raw(`now() - interval '1 hour'`) })
  // The sweep has run, because it expired the open cart with the same due.
  await cartBecomes(world, left, 'expired')
  expect(await stateOf(world.db, 'cart', begun.cartId)).toBe('requested')
  await payAndSettle(world, begun)
  expect(await storedReceipts(begun)).toEqual([{ answer: 'accepted', settling: true }])
  expect(await kindsOf(begun)).toEqual([])
  expect(await stateOf(world.db, 'due', begun.dueId)).toBe('paid')
  await expectSound(world)
})

it('F21: money after the node said that the time ran out: kept, reopened, paid once', async () => {
  world.simulator.behave({ rules: [{ operation: 'rt', kind: 'code', code: '3' }] })
  const payment = await aBegunPayment(world)
  await world.simulator.pay(payment.idSession, 'OK')
  await cartBecomes(world, payment, 'timed_out')
  world.simulator.behave({ clear: true })
  await bringReceipt(payment, 'positive')
  await cartBecomes(world, payment, 'paid')
  expect(await storedReceipts(payment)).toEqual([
    { answer: 'accepted', settling: false },
    { answer: 'second_receipt', settling: true },
  ])
  expect(await kindsOf(payment)).toEqual(['positive_after_negative'])
  await expectSound(world)
})

const cancelDue = async ({ dueId }: Payment): Promise<void> =>
  void (await world.db('due').where({ id: dueId }).update({ state: 'cancelled', cancelled_reason: 'ente' }))

/** Begins a new cart with the same due. */
async function again({ dueId }: Payment): Promise<Payment> {
  const payment = { cartId: await aCart(world.db, [dueId]), dueId, nonce: randomUUID() }
  expect((await begin(world, payment)).kind).toBe('redirect')
  return payment
}

it.each(MUTATIONS)(
  'F22: an RT wrong in its %s is answered, never with a 5xx, and its money is not lost',
  async (what) => {
    // The node repeats a receipt that a station refuses as not its own; three times are enough here.
    const settings = { rtRetryMs: [200, 200] }
    world.simulator.behave({ settings, rules: [{ operation: 'rt', kind: 'mutate', what }] })
    const payment = await aBegunPayment(world)
    await world.simulator.pay(payment.idSession, 'OK')
    await cartBecomes(world, payment, 'paid')
    await expectSound(world)
    expect(allReplies(world).filter(({ status }) => status >= 500)).toEqual([])
  },
)

it('F23: a negative RT and then a positive one: reopened, paid, settled once', async () => {
  world.simulator.behave({ rules: [{ operation: 'rt', kind: 'negative_first' }] })
  const payment = await aBegunPayment(world)
  await payAndSettle(world, payment)
  expect(await kindsOf(payment)).toContain('positive_after_negative')
  expect(await world.db('settlement').where({ due_id: payment.dueId })).toHaveLength(1)
  await expectSound(world)
})
