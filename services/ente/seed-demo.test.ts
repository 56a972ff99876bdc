import { afterAll, beforeAll, expect, it } from 'vitest'
import { seedDues } from '../../domain/seed/dues.ts'
import { seedEnti } from '../../domain/seed/enti.ts'
import { testDatabase, type TestDatabase } from '../../test/setup/database.ts'
import { drawProgressives } from '../../db/due/counter.ts'
import { seedDemo } from './seed-demo.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

it('loading the demo twice changes nothing the second time', async () => {
  const { db } = database
  await seedDemo(db)
  const count = async (): Promise<unknown> =>
    Promise.all(['ente', 'ente_due_type', 'due', 'due_share', 'event'].map((table) => db(table).count()))
  const before = await count()
  await seedDemo(db)
  expect(await count()).toEqual(before)
})

it('the shares of each due add up to it, and the counter goes on after the notices', async () => {
  const { db } = database
  const wrong = await db.raw<{ rows: unknown[] }>(
    `select d.id from due d join due_share s on s.due_id = d.id
     group by d.id having sum(s.importo_cents) <> d.importo_cents`,
  )
  expect(wrong.rows).toEqual([])
  const ente = seedEnti[1]!
  const highest = Math.max(
    ...seedDues('2026-01-01')
      .filter(({ codIpa }) => codIpa === ente.codIpa)
      .map(({ progressive }) => progressive),
  )
  const { codiceFiscale: domain, segregationCode } = ente
  expect(await drawProgressives(db, { domain, segregationCode, generator: 'iuv17' })).toBe(highest + 1)
})
