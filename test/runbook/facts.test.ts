import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { randomUUID } from 'node:crypto'
import { askMailAgain } from '../../db/mail/again.ts'
import { SEND_MAIL } from '../../workflows/send-mail/contract.ts'
import { waitUntil } from '../setup/wait.ts'
import {
  beginPayment,
  expectOnce,
  receiveReceipts,
  sweep,
  tellReceipts,
  untilPaid,
  type Payment,
} from './payment.ts'
import { startStack, type Stack } from './stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())
beforeEach(() => {
  stack.node.answers = {}
  stack.mails.answers = []
})

const mailIds = (cartId: string): Promise<string[]> =>
  stack.db('email').where({ cart_id: cartId }).orderBy('id').pluck('id')
const mailStates = (cartId: string): Promise<string[]> =>
  stack.db('email').where({ cart_id: cartId }).pluck('state')

/** A paid payment whose process has ended. The mail server gives the answers in `stack.mails.answers`. */
async function paidPayment(): Promise<Payment> {
  const payment = await beginPayment(stack)
  await tellReceipts(stack, payment.cartId, await receiveReceipts(stack, payment.cartId))
  await payment.handle.result()
  return payment
}

it('R7 receipt stored without a signal: the sweep signals the process', async () => {
  const payment = await beginPayment(stack)
  await receiveReceipts(stack, payment.cartId)
  await sweep(stack)
  await untilPaid(stack, payment.cartId)
  await expectOnce(stack, payment)
})

it('R7 receipt of a process that is gone: the sweep starts a new run that settles from the tables', async () => {
  const payment = await beginPayment(stack)
  await payment.handle.terminate('by mistake')
  await receiveReceipts(stack, payment.cartId)
  await sweep(stack)
  await untilPaid(stack, payment.cartId)
  await expectOnce(stack, payment)
})

it('R8 signal again, to the running process and to the finished one: nothing happens twice', async () => {
  const payment = await beginPayment(stack)
  const receiptIds = await receiveReceipts(stack, payment.cartId)
  await tellReceipts(stack, payment.cartId, [...receiptIds, ...receiptIds])
  await untilPaid(stack, payment.cartId)
  await payment.handle.result()
  await tellReceipts(stack, payment.cartId, receiptIds)
  await payment.handle.result()
  await expectOnce(stack, payment)
})

it('R9 mail server away: the mail is tried until it is taken', async () => {
  stack.mails.answers = Array.from({ length: 2 }, () => ({ kind: 'later' as const, answer: '421' }))
  const payment = await paidPayment()
  await untilPaid(stack, payment.cartId)
  const tries = (await stack.db('email').where({ cart_id: payment.cartId }).pluck('tries')) as number[]
  expect(tries.reduce((sum, n) => sum + n, 0)).toBe(4)
  await expectOnce(stack, payment)
})

it('R9 mail pending and its process gone: the sweep starts it again', async () => {
  stack.mails.answers = Array.from({ length: 200 }, () => ({ kind: 'later' as const, answer: '421' }))
  const payment = await paidPayment()
  for (const mailId of await mailIds(payment.cartId)) {
    const handle = stack.client.workflow.getHandle(SEND_MAIL.id(mailId))
    await waitUntil(() =>
      handle.terminate('by mistake').then(
        () => true,
        () => false,
      ),
    )
  }
  stack.mails.answers = []
  // An activity that outlived its process may still write the next try, so the mail is made overdue until a sweep sees it.
  await waitUntil(async () => {
    await stack
      .db('email')
      .where({ cart_id: payment.cartId, state: 'pending' })
      .update({ next_try_at: stack.db.raw(`now() - interval '1 minute'`) })
    await sweep(stack)
    return (await mailStates(payment.cartId)).every((state) => state === 'sent')
  })
  await untilPaid(stack, payment.cartId)
  await expectOnce(stack, payment)
})

it('R10 mail refused: it stays failed until support asks again, then it is sent once', async () => {
  stack.mails.answers = Array.from({ length: 2 }, () => ({ kind: 'refused' as const, answer: '550' }))
  const payment = await paidPayment()
  await waitUntil(async () => (await mailStates(payment.cartId)).every((state) => state === 'failed'))
  await sweep(stack)
  expect(await mailStates(payment.cartId)).toEqual(['failed', 'failed'])
  const by = { id: randomUUID(), name: 'Elena Conti' }
  for (const mailId of await mailIds(payment.cartId)) {
    const asked = {
      cartId: payment.cartId,
      mailId,
      by,
      of: { entity: 'cart', entityId: payment.cartId },
    } as const
    expect(await askMailAgain(stack.db, asked)).toBe('asked')
    expect(await askMailAgain(stack.db, asked)).toBe('none')
    await stack.processes.wakeMail(mailId)
  }
  await untilPaid(stack, payment.cartId)
  await expectOnce(stack, payment)
})
