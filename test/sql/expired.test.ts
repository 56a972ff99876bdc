import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../setup/database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

it.each([
  ['yesterday', -1, true, true],
  ['today', 0, true, false],
  ['yesterday', -1, false, false],
  ['never', null, true, false],
])('a due of %s (%s), binding %s, is expired: %s', async (_when, days, binding, isExpired) => {
  const { rows } = await database.db.raw<{ rows: { expired: boolean }[] }>(
    `select is_expired((now() at time zone 'Europe/Rome')::date + ?::int, ?) as expired`,
    [days, binding],
  )
  expect(rows[0]!.expired).toBe(isExpired)
})
