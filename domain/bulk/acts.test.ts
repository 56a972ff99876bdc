import { expect, it } from 'vitest'
import { hasGrown, mustTypeNumber, typedNumber } from './acts.ts'

it.each([
  ['500', 500],
  [' 500 ', 500],
  ['1.234', 1234],
  ['1 234', 1234],
  ['12.345.678', 12_345_678],
  ['12.34', undefined],
  ['1234.5', undefined],
  ['-5', undefined],
  ['5e2', undefined],
  ['cinquecento', undefined],
  ['', undefined],
])('%j is the number %s', (text, number) => {
  expect(typedNumber(text)).toBe(number)
})

it('the number is typed for more than a hundred dues, and only for an act that cannot be undone', () => {
  expect([mustTypeNumber('cancel', 100), mustTypeNumber('cancel', 101)]).toEqual([false, true])
  expect(mustTypeNumber('print', 5_000)).toBe(false)
})

it.each<[seen: [number, number], now: [number, number, newer: number], grown: boolean]>([
  [[2, 300], [2, 300, 0], false],
  [[2, 300], [1, 100, 0], false],
  [[2, 300], [3, 400, 0], true],
  [[2, 300], [2, 301, 0], true],
  [[2, 300], [1, 301, 0], true],
  // One was paid and another one came: the same number and sum of other dues.
  [[2, 300], [2, 300, 1], true],
])('seen %j, now %j: grown is %s', ([count, cents], [countNow, centsNow, newer], grown) => {
  expect(hasGrown({ count, cents }, { count: countNow, cents: centsNow, newer })).toBe(grown)
})
