import { knownState } from '../setup/stand-in-node.ts'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { PAY_CART } from '../../workflows/pay-cart/contract.ts'
import { stateOf } from '../setup/begun.ts'
import { summaryOf } from '../setup/process-words.ts'
import { waitUntil } from '../setup/wait.ts'
import {
  beginPayment,
  expectOnce,
  letNextCheckPass,
  receiveReceipts,
  sweep,
  tellReceipts,
  timesSent,
  untilPaid,
} from './payment.ts'
import { resetToStart } from './reset.ts'
import { startStack, type Stack } from './stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())
beforeEach(() => {
  stack.node.answers = {}
})

const ask = (cartId: string, deadlineMs = 8_000) =>
  stack.processes.askOutcome(cartId, { nonce: randomUUID(), deadlineMs })

it('R1 node down: the citizen waits, the node is asked, and the same cart is sent again when it is back', async () => {
  stack.node.answers = {
    send: [{ kind: 'unknown', why: 'ECONNREFUSED' }],
    state: [
      { kind: 'no_answer', why: 'ECONNREFUSED' },
      { kind: 'no_answer', why: 'ECONNREFUSED' },
    ],
    always: { kind: 'unknown_attempt' },
  }
  const payment = await beginPayment(stack)
  expect(payment.answer).toEqual({ kind: 'waiting' })
  expect((await ask(payment.cartId)).url).toBeNull()
  expect((await ask(payment.cartId)).url).toMatch(/idSession/)
  expect(await timesSent(stack, payment.cartId)).toBe(2)
  stack.node.answers = {}
  await tellReceipts(stack, payment.cartId, await receiveReceipts(stack, payment.cartId))
  await untilPaid(stack, payment.cartId)
  await expectOnce(stack, payment)
})

it('R2 database away while settling: the activity is repeated until it is back', async () => {
  const payment = await beginPayment(stack)
  await stack.db.raw(`
    create function refuse_settlement() returns trigger language plpgsql as $$
    begin raise exception 'terminating connection' using errcode = '57P01'; end $$;
    create trigger refuse_settlement before insert on settlement execute function refuse_settlement()`)
  await tellReceipts(stack, payment.cartId, await receiveReceipts(stack, payment.cartId))
  await waitUntil(async () => {
    const { raw } = await payment.handle.describe()
    return raw.pendingActivities?.some(
      (one) =>
        (one.attempt ?? 0) > 1 && one.lastFailure?.applicationFailureInfo?.type === 'DATABASE_UNREACHABLE',
    )
  })
  expect(await stateOf(stack.db, 'cart', payment.cartId)).toBe('requested')
  await stack.db.raw('drop trigger refuse_settlement on settlement; drop function refuse_settlement()')
  await untilPaid(stack, payment.cartId)
  await expectOnce(stack, payment)
})

it('R3 worker stopped: receipts are kept, a question waits, and all goes on when it starts', async () => {
  const payment = await beginPayment(stack)
  await stack.stopWorker()
  await tellReceipts(stack, payment.cartId, await receiveReceipts(stack, payment.cartId))
  await expect(ask(payment.cartId, 500)).rejects.toMatchObject({ code: 'PAYMENTS_PAUSED' })
  expect(await stateOf(stack.db, 'cart', payment.cartId)).toBe('requested')
  await stack.startWorker()
  await untilPaid(stack, payment.cartId)
  await expectOnce(stack, payment)
})

it('R4 process terminated by mistake: the sweep starts it again from the tables', async () => {
  const payment = await beginPayment(stack)
  await payment.handle.terminate('by mistake')
  await letNextCheckPass(stack, payment.cartId)
  await sweep(stack)
  expect((await payment.handle.describe()).status.name).toBe('RUNNING')
  expect(await summaryOf(payment.handle)).toBe('13,00 € · Comune di Prova')
  await tellReceipts(stack, payment.cartId, await receiveReceipts(stack, payment.cartId))
  await untilPaid(stack, payment.cartId)
  await expectOnce(stack, payment)
  expect(await timesSent(stack, payment.cartId)).toBe(1)
})

it('R4 process terminated by mistake: the question of support starts it at once', async () => {
  const payment = await beginPayment(stack)
  await payment.handle.terminate('by mistake')
  stack.node.answers = { always: knownState('RPT_ACCETTATA_PSP') }
  expect(await ask(payment.cartId)).toMatchObject({ state: 'requested', open: 2 })
  expect(
    await stack
      .db('attempt')
      .join('rpt', 'rpt.attempt_id', 'id')
      .where({ cart_id: payment.cartId })
      .pluck('node_state'),
  ).toEqual(['RPT_ACCETTATA_PSP', 'RPT_ACCETTATA_PSP'])
  await tellReceipts(stack, payment.cartId, await receiveReceipts(stack, payment.cartId))
  await untilPaid(stack, payment.cartId)
  await expectOnce(stack, payment)
  expect(await timesSent(stack, payment.cartId)).toBe(1)
})

it('R5 reset to the start while open: the dues stay held, nothing is sent twice', async () => {
  const payment = await beginPayment(stack)
  await resetToStart(payment.handle)
  await ask(payment.cartId)
  await tellReceipts(stack, payment.cartId, await receiveReceipts(stack, payment.cartId))
  await untilPaid(stack, payment.cartId)
  await expectOnce(stack, payment)
  expect(await timesSent(stack, payment.cartId)).toBe(1)
})

it('R5 reset to the start after the end: no second RPT, settlement or mail', async () => {
  const payment = await beginPayment(stack)
  await tellReceipts(stack, payment.cartId, await receiveReceipts(stack, payment.cartId))
  await untilPaid(stack, payment.cartId)
  await payment.handle.result()
  const runId = await resetToStart(payment.handle)
  await stack.client.workflow.getHandle(PAY_CART.id(payment.cartId), runId).result()
  await expectOnce(stack, payment)
  expect(await timesSent(stack, payment.cartId)).toBe(1)
})

it('R6 store of the engine lost: the sweep brings the open payment back from the tables', async () => {
  const payment = await beginPayment(stack)
  await stack.loseStore()
  await letNextCheckPass(stack, payment.cartId)
  await sweep(stack)
  const handle = stack.client.workflow.getHandle(PAY_CART.id(payment.cartId))
  expect((await handle.describe()).status.name).toBe('RUNNING')
  await tellReceipts(stack, payment.cartId, await receiveReceipts(stack, payment.cartId))
  await untilPaid(stack, payment.cartId)
  await handle.result()
  await expectOnce(stack, payment)
  expect(await timesSent(stack, payment.cartId)).toBe(1)
})
