import type { WorkflowHandle } from '@temporalio/client'
import pino from 'pino'
import { testFiles } from '../setup/files.ts'
import { expect } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { sweepOnce } from '../../workers/sweep.ts'
import { PAY_CART } from '../../workflows/pay-cart/contract.ts'
import type { Processes } from '../../workflows/processes.ts'
import { attemptIdsOf, someNonce, stateOf, US } from '../setup/begun.ts'
import { aCart, aDue, anEnte } from '../setup/builders.ts'
import { buildRtFor } from '../setup/rt.ts'
import { waitUntil } from '../setup/wait.ts'
import type { Stack } from './stack.ts'

export interface Payment {
  cartId: string
  dueIds: string[]
  handle: WorkflowHandle
  answer: { kind: string }
}

/** Begins a due with two beneficiaries: its two RPTs and two shares make it visible when something happens twice. */
export async function beginPayment(stack: Stack, by: Processes = stack.processes): Promise<Payment> {
  const { db } = stack
  const secondary = { domain: '80000000013', cents: 250 }
  const dueIds = [await aDue(db, await anEnte(db), { progressive: nextProgressive(), secondary })]
  const cartId = await aCart(db, dueIds)
  const answer = await by.begin(cartId, { nonce: someNonce(), replicaConfirmed: false }, 20_000)
  return { cartId, dueIds, answer, handle: stack.client.workflow.getHandle(PAY_CART.id(cartId)) }
}

let progressive = 0
const nextProgressive = (): number => (progressive += 1)

/** Delivers the receipts of the node without a signal to the process; returns their ids. */
export async function receiveReceipts({ db }: Stack, cartId: string): Promise<string[]> {
  const receiptIds: string[] = []
  for (const [index, attemptId] of (await attemptIdsOf(db, cartId)).entries()) {
    const receipt = await buildRtFor(db, attemptId, { messageId: `RIC${index}` })
    const reply = await answerRt(db, US, receipt.envelope)
    expect(reply.outcome).toBe('OK')
    receiptIds.push(reply.tell!.receiptId)
  }
  return receiptIds
}

export async function tellReceipts(
  { processes }: Stack,
  cartId: string,
  receiptIds: readonly string[],
): Promise<void> {
  for (const receiptId of receiptIds) await processes.receiptArrived(cartId, { receiptId })
}

/** Does once what every worker does each 15 s, without any grace. */
export function sweep({ db, processes }: Stack): Promise<void> {
  return sweepOnce({
    db,
    processes,
    post: { maintainer: undefined, mailHost: 'mypay.example' },
    files: testFiles(),
    noticesPerMinute: 600,
    log: pino({ level: 'silent' }),
    grace: { receipt: 0, check: 0, mail: 0 },
  })
}

/** Makes the next question to the node overdue, like in the tables of a payment whose process is gone. */
export async function letNextCheckPass({ db }: Stack, cartId: string): Promise<void> {
  await db('attempt')
    .where({ cart_id: cartId })
    .whereIn('state', ['created', 'sent'])
    .update({ next_check_at: db.raw(`now() - interval '3 minutes'`) })
}

export async function untilPaid(stack: Stack, cartId: string): Promise<void> {
  await waitUntil(async () => (await stateOf(stack.db, 'cart', cartId)) === 'paid')
  await waitUntil(
    async () => (await stack.db('email').where({ cart_id: cartId }).whereNot({ state: 'sent' })).length === 0,
  )
}

/** Expects a paid cart with each effect once: one set of RPTs at the node, one settlement per share, one mail per receipt. */
export async function expectOnce(stack: Stack, { cartId, dueIds }: Payment): Promise<void> {
  const { db, node, mails } = stack
  const cart = (await db('cart').first('state', 'carrello_id').where({ id: cartId })) as Record<
    string,
    string
  >
  expect(cart['state']).toBe('paid')
  const attempts = (await db('attempt').select('state', 'attempt_code').where({ cart_id: cartId })) as {
    state: string
  }[]
  expect(attempts.map((attempt) => attempt.state)).toEqual(['paid', 'paid'])
  const sent = node.sent.filter((message) => message.carrelloId === cart['carrello_id'])
  expect(new Set(sent.map((message) => JSON.stringify(message))).size).toBe(1)
  for (const id of dueIds) expect(await stateOf(db, 'due', id)).toBe('paid')
  expect(await db('settlement').whereIn('due_id', dueIds)).toHaveLength(2)
  expect(await db('anomaly').where({ cart_id: cartId })).toEqual([])
  const rows = (await db('email').select('message_id', 'state').where({ cart_id: cartId })) as {
    message_id: string
    state: string
  }[]
  expect(rows.map((row) => row.state)).toEqual(['sent', 'sent'])
  const ids = mails.taken.map((mail) => mail.messageId)
  for (const row of rows) expect(ids.filter((id) => id === row.message_id)).toHaveLength(1)
}

/** Number of times that this cart was sent to the node. */
export async function timesSent({ db, node }: Stack, cartId: string): Promise<number> {
  const { carrello_id } = (await db('cart').first('carrello_id').where({ id: cartId })) as {
    carrello_id: string
  }
  return node.sent.filter((message) => message.carrelloId === carrello_id).length
}
