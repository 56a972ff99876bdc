import { afterAll, beforeAll, expect, it } from 'vitest'
import { drawIuvs, drawProgressives, type CounterKey } from '../../db/due/counter.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'

let database: TestDatabase
let codes = 10

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

/** Key of a new counter, with the ranges of numbers that an older system used. */
async function aCounter(ranges: readonly (readonly [number, number])[]): Promise<CounterKey> {
  const key = { domain: '99999900013', segregationCode: String((codes += 1)), generator: 'iuv17' } as const
  for (const [first_value, last_value] of ranges)
    await database.db('iuv_range').insert({
      domain: key.domain,
      segregation_code: key.segregationCode,
      generator: key.generator,
      first_value,
      last_value,
      reason: 'an older system',
    })
  return key
}

const draw = async (key: CounterKey, counts: readonly number[]): Promise<number[]> => {
  const drawn: number[] = []
  for (const count of counts) drawn.push(await drawProgressives(database.db, key, count))
  return drawn
}

it.each<[string, [number, number][], number[], number[]]>([
  ['without a range', [], [1, 3, 1], [1, 2, 5]],
  ['from the first number', [[1, 100]], [1, 1], [101, 102]],
  ['just before the range and just after it', [[3, 4]], [1, 1, 1], [1, 2, 5]],
  ['of several numbers that would reach into the range', [[3, 4]], [3, 1], [5, 8]],
  ['of as many numbers as fit before the range', [[4, 4]], [3, 1], [1, 5]],
  [
    'over ranges that touch and overlap',
    [
      [2, 5],
      [4, 9],
      [10, 12],
    ],
    [1, 2, 1],
    [1, 13, 15],
  ],
  [
    'into the gap between two ranges only if it is wide enough',
    [
      [1, 2],
      [5, 6],
    ],
    [2, 3],
    [3, 7],
  ],
])('numbers are drawn %s', async (_, ranges, counts, expected) => {
  expect(await draw(await aCounter(ranges), counts)).toEqual(expected)
})

it('many draws at once never get a number twice, nor a used one', async () => {
  const key = await aCounter([
    [10, 30],
    [45, 47],
  ])
  const firsts = await Promise.all(Array.from({ length: 20 }, () => drawProgressives(database.db, key, 3)))
  const all = firsts.flatMap((first) => [first, first + 1, first + 2])
  expect(new Set(all).size).toBe(60)
  expect(all.filter((one) => (one >= 10 && one <= 30) || (one >= 45 && one <= 47))).toEqual([])
})

it('a range belongs to one ente, code and generator', async () => {
  const key = await aCounter([[1, 50]])
  const others: CounterKey[] = [
    { ...key, domain: '99999900014' },
    { ...key, segregationCode: '48' },
    { ...key, generator: 'iuv25' },
  ]
  for (const other of others) expect(await drawProgressives(database.db, other)).toBe(1)
  const [iuv] = await drawIuvs(database.db, key, 1)
  expect(iuv!.slice(0, 15)).toBe(`${key.segregationCode}0000000000051`)
})

it.each([
  ['ends before it begins', { first_value: 9, last_value: 8 }],
  ['begins at nothing', { first_value: 0, last_value: 8 }],
  ['gives no reason', { reason: '' }],
])('a range that %s is refused', async (_, wrong) => {
  const row = { domain: '99999900013', segregation_code: '49', generator: 'iuv17', first_value: 1 }
  await expect(
    database.db('iuv_range').insert({ ...row, last_value: 2, reason: 'x', ...wrong }),
  ).rejects.toMatchObject({ code: '23514' })
})
