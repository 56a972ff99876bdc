import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { CHASE } from '../../domain/payment/chase.ts'
import { attemptIdsOf, US, closeAnomalies } from '../setup/begun.ts'
import { buildRtFor, envelopeFor } from '../setup/rt.ts'
import { aFault, knownState, type Answers } from '../setup/stand-in-node.ts'
import { waitUntil } from '../setup/wait.ts'
import {
  beginPayment,
  expectOnce,
  receiveReceipts,
  tellReceipts,
  untilPaid,
  type Payment,
} from './payment.ts'
import { QUICK_MAILS, startStack, type Stack } from './stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())
beforeEach(() => {
  stack.node.answers = {}
})

const ask = (cartId: string) => stack.processes.askOutcome(cartId, { nonce: randomUUID(), deadlineMs: 8_000 })

/** Processes with the waits of a payment that has been open for more than a day. */
const impatient = () =>
  stack.processesWith({ ...QUICK_MAILS, chase: { ...CHASE, attentionAfter: 0, resendFor: 0 } })

async function markedForPeople(payment: Payment): Promise<boolean> {
  const { searchAttributes } = await payment.handle.describe()
  return searchAttributes['NeedsAttention']?.[0] === true
}

const LOST = { send: [{ kind: 'unknown', why: 'TIMEOUT' }] } satisfies Answers
const ROWS: [string, Answers, Answers, string][] = [
  [
    'R11 lost_url: the node has the cart and never gave us its page',
    LOST,
    { always: knownState('RPT_PARCHEGGIATA_NODO') },
    'lost_url',
  ],
  [
    'R12 node_contradicts: the node took the cart and now does not know it',
    {},
    { always: { kind: 'unknown_attempt' } },
    'node_contradicts',
  ],
  [
    'R13 node_refused: the node closed the RPT without a receipt',
    {},
    { always: knownState('RPT_RIFIUTATA_PSP') },
    'node_refused',
  ],
  [
    'R14 long_wait: more than a day without an outcome',
    {},
    { always: knownState('RPT_ACCETTATA_PSP') },
    'long_wait',
  ],
]

it.each(ROWS)('%s; the receipt ends it', async (_row, sending, asking, attention) => {
  stack.node.answers = { ...asking, ...sending }
  const payment = await beginPayment(stack, impatient())
  expect(await ask(payment.cartId)).toMatchObject({ state: 'requested', attention })
  await waitUntil(() => markedForPeople(payment))
  await tellReceipts(stack, payment.cartId, await receiveReceipts(stack, payment.cartId))
  await untilPaid(stack, payment.cartId)
  await payment.handle.result()
  expect(await markedForPeople(payment)).toBe(false)
  await expectOnce(stack, payment)
})

it('money that no due holds marks the payment too, also when it is over, until the anomaly is closed', async () => {
  stack.node.answers = { send: [aFault('PPT_SINTASSI_XSD')] }
  const payment = await beginPayment(stack)
  await payment.handle.result()
  expect(await markedForPeople(payment)).toBe(false)
  const cancelled = { state: 'cancelled', cancelled_reason: 'operator' }
  await stack.db('due').whereIn('id', payment.dueIds).update(cancelled)
  await tellReceipts(stack, payment.cartId, await receiveReceipts(stack, payment.cartId))
  await waitUntil(() => markedForPeople(payment))
  const anomaly = stack.db('anomaly').where({ cart_id: payment.cartId })
  expect(await anomaly.clone().sum('unplaced_cents as cents')).toEqual([{ cents: '1300' }])
  await closeAnomalies(stack.db, { cart_id: payment.cartId })
  await stack.processes.wakePayment(payment.cartId)
  await waitUntil(async () => !(await markedForPeople(payment)))
})

it('R16 receipt_not_understood: valid, kept and answered OK; one that we understand ends the payment', async () => {
  const payment = await beginPayment(stack)
  const [attemptId, otherId] = await attemptIdsOf(stack.db, payment.cartId)
  const { key, xml } = await buildRtFor(stack.db, attemptId!)
  const odd = xml.replace('<dataEsitoSingoloPagamento>2026', '<dataEsitoSingoloPagamento>12026')
  expect((await answerRt(stack.db, US, envelopeFor(key, odd))).outcome).toBe('OK')
  expect(await ask(payment.cartId)).toMatchObject({ attention: 'receipt_not_understood' })
  const anomaly = stack.db('anomaly').where({ cart_id: payment.cartId })
  expect(await anomaly.clone().select('kind', 'closed_at')).toEqual([
    { kind: 'receipt_not_understood', closed_at: null },
  ])
  // The protocol allows one accepted receipt per RPT, so the second one is answered as a duplicate; it is settled all the same.
  const { outcome, tell } = await answerRt(stack.db, US, envelopeFor(key, xml))
  expect(outcome).toBe('PAA_RT_DUPLICATA')
  const other = await answerRt(stack.db, US, (await buildRtFor(stack.db, otherId!)).envelope)
  await tellReceipts(stack, payment.cartId, [tell!.receiptId, other.tell!.receiptId])
  await untilPaid(stack, payment.cartId)
})

it('R15 receipt_refused: a receipt we had to refuse is kept with its cents; the right one ends the payment', async () => {
  const payment = await beginPayment(stack)
  const [attemptId] = await attemptIdsOf(stack.db, payment.cartId)
  const wrong = await buildRtFor(stack.db, attemptId!, { messageId: 'ALTRA', requestMessageId: 'ALTRA' })
  expect((await answerRt(stack.db, US, wrong.envelope)).outcome).toBe('PAA_SEMANTICA')
  expect(await ask(payment.cartId)).toMatchObject({ attention: 'receipt_refused' })
  const anomaly = stack.db('anomaly').where({ cart_id: payment.cartId })
  expect(await anomaly.clone().select('kind', 'unplaced_cents', 'closed_at')).toEqual([
    { kind: 'receipt_refused', unplaced_cents: 1050, closed_at: null },
  ])
  await tellReceipts(stack, payment.cartId, await receiveReceipts(stack, payment.cartId))
  await untilPaid(stack, payment.cartId)
  await anomaly.clone().delete()
  await expectOnce(stack, payment)
})
