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
  'an access': () => findAccess(one, uuidv7(), 'c_x'),
}

it.each(Object.keys(STATEMENTS))('%s: the plan is kept, and not made again at each call', async (name) => {
  await one.destroy()
  one = createDb({ url: database.url, pool: 1, name: 'planned' })
  // PostgreSQL makes five plans for the values at hand before it may keep one for all.
  for (let call = 0; call < 8; call += 1) await STATEMENTS[name]!()
  const { rows } = await one.raw<{ rows: { generic: number; custom: number }[] }>(
    'select generic_plans::int as generic, custom_plans::int as custom from pg_prepared_statements',
  )
  expect(rows).toEqual([{ generic: 3, custom: 5 }])
})
