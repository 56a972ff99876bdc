import { afterAll, beforeAll, expect, it } from 'vitest'
import { aDue, anEnte } from '../../test/setup/builders.ts'
import { testDatabase, type TestDatabase } from '../../test/setup/database.ts'
import { up } from '../migrations/20261216_1000_iud_form.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

it('IUDs written before get the form in which they are compared, but for twins, of which nobody knows which is meant', async () => {
  const { db } = database
  const ente = await anEnte(db)
  const written = ['Ce\u0300-1', 'De\u0300-1', 'D\u00e8-1', 'A-1']
  const ids: string[] = []
  for (const iud of written) {
    const id = await aDue(db, ente)
    await db('due').where({ id }).update({ iud })
    ids.push(id)
  }
  await up(db)
  const found = await Promise.all(ids.map((id) => db('due').where({ id }).pluck('iud')))
  expect(found.flat()).toEqual(['C\u00e8-1', 'De\u0300-1', 'D\u00e8-1', 'A-1'])
})
