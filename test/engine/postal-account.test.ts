import type { Knex } from 'knex'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aBegunPayment } from '../setup/begun.ts'
import { aDue, anEnte } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'

const OF_ENTE = 'IT25B0760112345001000000101'
const OF_TYPE = 'IT22D0760112345001000000202'

let database: TestDatabase
let db: Knex

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
})
afterAll(() => database.drop())

it.each([
  ['of its type', { ente: OF_ENTE, type: OF_TYPE }, OF_TYPE],
  ['of its ente, where the type has none', { ente: OF_ENTE, type: null }, OF_ENTE],
  ['of its type, where the ente has none', { ente: null, type: OF_TYPE }, OF_TYPE],
  ['that nobody has', { ente: null, type: null }, undefined],
])('a payment names the postal account %s', async (_, given, expected) => {
  const ente = await anEnte(db)
  await db('ente').where({ id: ente.id }).update({ iban_postale: given.ente })
  await db('ente_due_type').where({ id: ente.dueTypeId }).update({ iban_postale: given.type })
  const { attemptIds } = await aBegunPayment(db, [await aDue(db, ente)])
  const { document } = (await db('rpt').first('document').where({ attempt_id: attemptIds[0] })) as {
    document: Buffer
  }
  expect(/<[\w:]*ibanAppoggio>([^<]*)</.exec(document.toString())?.[1]).toBe(expected)
})
