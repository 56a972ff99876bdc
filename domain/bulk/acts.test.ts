import { expect, it } from 'vitest'
import { hasGrown, mustTypeNumber, typedNumber, mustSayWhy, readWhy, type BulkKind } from './acts.ts'

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

it('the number is typed for more than ten dues to cancel and more than a hundred notices to send, and for nothing else', () => {
  const typed = (kind: BulkKind, counts: readonly number[]) =>
    counts.map((count) => mustTypeNumber(kind, count))
  expect(typed('cancel', [10, 11])).toEqual([false, true])
  expect(typed('send', [100, 101])).toEqual([false, true])
  expect([...typed('print', [5_000]), ...typed('export', [100_000])]).toEqual([false, false])
})

it('why is asked for more than one due to cancel', () => {
  expect([mustSayWhy('cancel', 1), mustSayWhy('cancel', 2), mustSayWhy('send', 2)]).toEqual([
    false,
    true,
    false,
  ])
})

it.each([
  ['abc', true, { why: 'abc' }],
  ['ab', true, { fault: 'short' }],
  ['ab', false, { fault: 'short' }],
  ['', true, { fault: 'missing' }],
  ['', false, { why: null }],
  ['𝒳'.repeat(200), true, { why: '𝒳'.repeat(200) }],
  ['x'.repeat(201), true, { fault: 'long' }],
  ['ruolo\nrifatto', true, { fault: 'unseen' }],
  ['ruolo\u202erifatto', true, { fault: 'unseen' }],
  ['x\0y', true, { fault: 'unseen' }],
])('the reason %j is read', (text, isRequired, read) => {
  expect(readWhy(text, isRequired)).toEqual(read)
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
