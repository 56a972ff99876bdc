import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Knex } from 'knex'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createNodeApp, NODE_CALLS } from '../../api/node/app.ts'
import { aBegunPayment, payCartActivities, askAbout, US } from '../setup/begun.ts'
import { aDue, anEnte, type TestEnte } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { buildRtFor } from '../setup/rt.ts'
import { waitUntil } from '../setup/wait.ts'

let database: TestDatabase
let db: Knex
let ente: TestEnte
let server: Server
let url: string
const told: string[] = []
/** Connections to the port since the start of the test. */
const lines = { opened: 0, closed: 0 }
const processes = {
  wakePayment: (cartId: string) => Promise.resolve(void told.push(cartId)),
  receiptArrived: (cartId: string) => Promise.resolve(void told.push(cartId)),
}

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  ente = await anEnte(db)
  const app = createNodeApp({ db, processes, identity: US, log: pino({ level: 'silent' }), trusts: [] })
  server = createServer(app).listen(0, '127.0.0.1')
  server.on('connection', (line) => {
    lines.opened += 1
    line.on('close', () => (lines.closed += 1))
  })
  await waitUntil(() => server.listening)
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/nodo/PaPerNodo`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await database.drop()
})

async function aReceipt(): Promise<{ cartId: string; attemptId: string; envelope: Uint8Array }> {
  const { cartId, attemptIds } = await aBegunPayment(db, [await aDue(db, ente)])
  return { cartId, attemptId: attemptIds[0]!, envelope: (await buildRtFor(db, attemptIds[0]!)).envelope }
}

const deliver = (envelope: Uint8Array, signal?: AbortSignal): Promise<string> =>
  fetch(url, { method: 'POST', body: Buffer.from(envelope), signal: signal ?? null }).then((reply) =>
    reply.text(),
  )
const storedOf = (cartId: string): Promise<unknown[]> => db('receipt').where({ cart_id: cartId })

it('a call that was given up before its turn is not processed, and a new call is answered', async () => {
  const busy = await aReceipt()
  const gone = await aReceipt()
  const answers: Promise<string>[] = []
  const line = new AbortController()
  await db.transaction(async (trx) => {
    // The lock on the attempt makes every delivery of its receipt wait, so that all connections are busy.
    await trx('attempt').where({ id: busy.attemptId }).forUpdate()
    for (let call = 0; call < NODE_CALLS; call++) answers.push(deliver(busy.envelope))
    await waitUntil(async () => (await waitingForLocks()) >= NODE_CALLS)
    const late = deliver(gone.envelope, line.signal).catch(() => 'gone')
    await waitUntil(() => lines.opened > NODE_CALLS)
    line.abort()
    expect(await late).toBe('gone')
    await waitUntil(() => lines.closed > 0)
  })
  for (const answer of await Promise.all(answers)) expect(answer).toContain('<esito>OK</esito>')
  expect(await storedOf(gone.cartId)).toEqual([])
  expect(await deliver(gone.envelope)).toContain('<esito>OK</esito>')
  expect(await storedOf(gone.cartId)).toHaveLength(1)
})

it('a repeated receipt wakes its process until it is settled, and no more after that', async () => {
  const { cartId, envelope } = await aReceipt()
  const timesTold = () => told.filter((id) => id === cartId).length
  for (const times of [1, 2]) {
    expect(await deliver(envelope)).toContain('<esito>OK</esito>')
    expect(timesTold()).toBe(times)
  }
  await payCartActivities(db).settleCart(askAbout(cartId))
  expect(await deliver(envelope)).toContain('<esito>OK</esito>')
  expect(timesTold()).toBe(2)
})

const waitingForLocks = async (): Promise<number> => {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows.length
}
