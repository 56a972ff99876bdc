import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Knex } from 'knex'
import { filterChoices, openPositions, ownPayments } from '../../db/citizen/area.ts'
import { findNoticed, noticesById } from '../../db/due/notice.ts'
import { findAccess, findOperator } from '../../db/ente/operator.ts'
import { firstRows } from '../../db/ground/turn.ts'
import { createDb } from '../../db/ground/connection.ts'
import { cartLines } from '../../db/payment/cart.ts'
import { findPaymentState, findWaiting, receiptsOf } from '../../db/payment/outcome.ts'
import { twinsOf } from '../../db/payment/twin.ts'
import { aBegunPayment } from '../setup/begun.ts'
import { aDue, anEnte, PAYER } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { uuidv7 } from '../../db/ground/uuid.ts'
import { sessionPool } from '../../db/ground/session.ts'
import { homeFigures, typeFigures } from '../../db/figures/ente.ts'
import { journeysCountedAt, journeysOf, journeyTotals, nodeOutcomes } from '../../db/figures/journeys.ts'
import { countQueues, quietSince } from '../../db/worklist/queues.ts'

let database: TestDatabase
/** One connection, because the list of prepared statements is of the connection that asks for it. */
let one: Knex
let cartId: string
let dueIds: string[]

beforeAll(async () => {
  database = await testDatabase()
  one = createDb({ url: database.url, pool: 1, name: 'planned' })
  const ente = await anEnte(database.db)
  dueIds = [
    await aDue(database.db, ente, { progressive: 1 }),
    await aDue(database.db, ente, { progressive: 2 }),
  ]
  cartId = (await aBegunPayment(database.db, dueIds)).cartId
})
afterAll(async () => {
  await one.destroy()
  await database.drop()
})

const page = { filter: {}, turn: firstRows(26) }
const proofs = { account: PAYER.codice, addresses: [] }

const READER = { enteId: uuidv7(), operatorId: uuidv7() }
const PERIOD = { from: '2026-01-01', to: '2026-01-31', ente: undefined }

const STATEMENTS: Record<string, () => Promise<unknown>> = {
  'one notice': () => noticesById(one, dueIds.slice(0, 1), proofs),
  'two notices': () => noticesById(one, dueIds, proofs),
  'a search for a notice': () => findNoticed(one, { iuv: '120000000000000123', codice: PAYER.codice }, []),
  'open positions': () => openPositions(one, PAYER.codice, page),
  'own payments': () => ownPayments(one, PAYER.codice, page),
  'choices of filters': () => filterChoices(one, PAYER.codice),
  'a payment': () => findPaymentState(one, cartId),
  'what a payment waits for': () => findWaiting(one, cartId),
  'receipts of a payment': () => receiptsOf(one, cartId),
  'lines of a cart': () => cartLines(one, cartId),
  'twins of a cart': () => twinsOf(one, cartId),
  'an operator': () => findOperator(one, PAYER.codice),
  'an access of the region': () =>
    findAccess(one, { id: uuidv7(), name: 'Elena', isPlatformAdmin: true, grants: [] }, 'c_x'),
  'figures of an ente': () => typeFigures(one, READER, PERIOD),
  'the first page of an ente': () => homeFigures(one, { ...READER, isAdmin: true }, PERIOD),
  'the same for an operator': () => homeFigures(one, { ...READER, isAdmin: false }, PERIOD),
  'queues of support': () => countQueues(one),
  'since when all is well': () => quietSince(one),
  'figures of the region': () => journeysOf(one, PERIOD, 10),
  'their totals': () => journeyTotals(one, PERIOD),
  'when they were counted': () => journeysCountedAt(one),
  'outcomes of the node': () => nodeOutcomes(one),
  'a session': () => sessionPool(one).query('SELECT sess FROM "session" WHERE sid = $1', ['x']),
}

it.each(Object.keys(STATEMENTS))('%s: the plan is kept, and not made again at each call', async (name) => {
  await one.destroy()
  one = createDb({ url: database.url, pool: 1, name: 'planned' })
  // PostgreSQL makes five plans for the values at hand before it may keep one for all.
  for (let call = 0; call < 8; call += 1) await STATEMENTS[name]!()
  const { rows } = await one.raw<{ rows: { generic: number; custom: number }[] }>(
    'select generic_plans::int as generic, custom_plans::int as custom from pg_prepared_statements',
  )
  // A statement without values has one plan from the beginning.
  expect(rows).toEqual([expect.toSatisfy(({ generic, custom }) => generic >= 3 && generic + custom === 8)])
})
