import { expect, it } from 'vitest'
import { DUES_EACH, fill, PAID_EACH } from '../../bench/pages/fill.ts'
import { testDatabase } from '../setup/database.ts'

const PEOPLE = 3

it('the benchmark of pages fills a database of today', async () => {
  const database = await testDatabase()
  try {
    await fill(database.db, database.url, PEOPLE)
    const count = async (table: string, where = {}): Promise<number> =>
      (await database.db(table).where(where)).length
    expect(await count('due')).toBe(PEOPLE * DUES_EACH)
    expect(await count('settlement')).toBe(PEOPLE * PAID_EACH)
    expect(await count('due', { state: 'paid' })).toBe(PEOPLE * PAID_EACH)
    const paid = await database.db('figure').where({ kind: 'paid' }).sum({ items: 'items' }).first()
    expect(Number(paid!.items)).toBe(PEOPLE * PAID_EACH)
  } finally {
    await database.drop()
  }
})
