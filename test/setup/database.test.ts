import { afterAll, expect, test } from 'vitest'
import { testDatabase } from './database.ts'

const databases = await Promise.all([testDatabase(), testDatabase()])
afterAll(() => Promise.all(databases.map((one) => one.drop())))

test('each test database is migrated and independent of the others', async () => {
  const [first, second] = databases.map(({ db }) => db)
  await first!.schema.createTable('only_here', (table) => table.integer('n'))
  expect(await first!.schema.hasTable('attempt')).toBe(true)
  expect(await second!.schema.hasTable('attempt')).toBe(true)
  expect(await second!.schema.hasTable('only_here')).toBe(false)
})
