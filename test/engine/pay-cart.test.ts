import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Client } from '@temporalio/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerRt } from '../../api/nodo/answer-rt.ts'
import { createProcesses, type Processes } from '../../workflows/start.ts'
import { PAY_CART } from '../../workflows/pay-cart/contract.ts'
import { aCart, aDovuto, anEnte } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { startWorkers, testNamespace } from '../setup/engine.ts'
import { buildRtFor } from '../setup/rt.ts'
import { standInNodo, type StandInNodo } from '../setup/stand-in-nodo.ts'
import { testTemporal } from '../setup/temporal.ts'
import { waitUntil } from '../setup/wait.ts'

let env: TestWorkflowEnvironment
let database: TestDatabase
let processes: Processes
let nodo: StandInNodo
let workers: { stop(): Promise<void> }

beforeAll(async () => {
  ;[env, database] = await Promise.all([testTemporal(), testDatabase()])
  const namespace = await testNamespace(env)
  nodo = standInNodo()
  workers = await startWorkers(env, namespace, {
    db: database.db,
    nodo,
    mailer: { send: async () => ({ kind: 'sent', answer: '250' }), close() {} },
    station: '99999900014_01',
    publicUrl: 'http://localhost:3000',
    secret: 'x'.repeat(32),
    isTest: true,
  })
  processes = createProcesses(new Client({ connection: env.connection, namespace }))
})

afterAll(async () => {
  await workers.stop()
  await database.drop()
  await env.teardown()
})

const us = { broker: '99999900014', station: '99999900014_01' }

it('a cart of one due is sent, paid by its RT, settled and its mail handed on', async () => {
  const { db } = database
  const dovutoId = await aDovuto(db, await anEnte(db))
  const cartId = await aCart(db, [dovutoId])
  const answer = await processes.begin(cartId, { nonce: 'n1', replicaConfirmed: false }, 8_000)
  expect(answer.kind).toBe('redirect')
  const rpt = (await db('rpt').first('*').where({ cart_id: cartId })) as { id: string }
  const rt = await buildRtFor(db, rpt.id)
  const reply = await answerRt(db, us, rt.envelope)
  expect(reply.outcome).toBe('OK')
  await processes.tellPayment(cartId, { signal: 'rtReceived', args: [{ rtId: reply.tell!.rtId }] })
  await waitUntil(
    async () =>
      ((await db('cart').first('state').where({ id: cartId })) as { state: string }).state === 'paid',
  )
  expect(await db('dovuto').first('state').where({ id: dovutoId })).toEqual({ state: 'paid' })
  await waitUntil(
    async () =>
      ((await db('email').first('state').where({ cart_id: cartId })) as { state: string }).state === 'sent',
  )
  const handle = processes.client.workflow.getHandle(PAY_CART.id(cartId))
  await handle.result()
  const { events } = await handle.fetchHistory()
  expect(events!.length).toBeLessThanOrEqual(45)
})
