import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { PAY_CART } from '../../workflows/pay-cart/contract.ts'
import { US } from '../setup/begun.ts'
import { aCart, aDue, anEnte } from '../setup/builders.ts'
import { startEngine, type EngineStack } from '../setup/engine-stack.ts'
import { buildRtFor } from '../setup/rt.ts'
import { standInNode } from '../setup/stand-in-node.ts'
import { waitUntil } from '../setup/wait.ts'

let engine: EngineStack
beforeAll(async () => {
  engine = await startEngine(standInNode())
})
afterAll(() => engine.stop())

it('a cart of one due is sent, paid by its RT, settled and its mail handed on', async () => {
  const { db, processes, client } = engine
  const dueId = await aDue(db, await anEnte(db))
  const cartId = await aCart(db, [dueId])
  const answer = await processes.begin(cartId, { nonce: 'n1', replicaConfirmed: false }, 8_000)
  expect(answer.kind).toBe('redirect')
  const attempt = (await db('attempt').first('*').where({ cart_id: cartId })) as { id: string }
  const receipt = await buildRtFor(db, attempt.id)
  const reply = await answerRt(db, US, receipt.envelope)
  expect(reply.outcome).toBe('OK')
  await processes.receiptArrived(cartId, { receiptId: reply.tell!.receiptId })
  await waitUntil(
    async () =>
      ((await db('cart').first('state').where({ id: cartId })) as { state: string }).state === 'paid',
  )
  expect(await db('due').first('state').where({ id: dueId })).toEqual({ state: 'paid' })
  await waitUntil(
    async () =>
      ((await db('email').first('state').where({ cart_id: cartId })) as { state: string }).state === 'sent',
  )
  const handle = client.workflow.getHandle(PAY_CART.id(cartId))
  await handle.result()
  const { events } = await handle.fetchHistory()
  expect(events!.length).toBeLessThanOrEqual(45)
})
