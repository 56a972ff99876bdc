import { expect, it } from 'vitest'
import { isOneOf, keysOf, tableOf } from './table.ts'

it('a table has an entry for each key, in their order', () => {
  const lengths = tableOf(['bb', 'a'], (key) => key.length)
  expect(Object.entries(lengths)).toEqual([
    ['bb', 2],
    ['a', 1],
  ])
  expect(keysOf(lengths)).toEqual(['bb', 'a'])
})

it.each([
  ['a', true],
  ['A', false],
  ['toString', false],
  ['', false],
  [0, false],
  [undefined, false],
])('%o is one of the names: %s', (value, is) => {
  expect(isOneOf(['a', 'b'], value)).toBe(is)
})
