import { describe, expect, test } from 'vitest'
import { CHASE, nextLook } from './chase.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('the chase of an outcome', () => {
  test.each([
    ['just begun', 0, 5 * MINUTE],
    ['the last ms of the first hour', HOUR - 1, 5 * MINUTE],
    ['one hour', HOUR, 15 * MINUTE],
    ['the last ms of the third hour', 3 * HOUR - 1, 15 * MINUTE],
    ['three hours', 3 * HOUR, HOUR],
    ['the last ms of the first day', DAY - 1, HOUR],
    ['one day', DAY, 6 * HOUR],
    ['the last ms of the seventh day', 7 * DAY - 1, 6 * HOUR],
    ['seven days', 7 * DAY, DAY],
    ['ninety days', 90 * DAY, DAY],
  ])('%s after begin, the next look is in %d -> %d ms', (_, age, expected) => {
    expect(nextLook(CHASE, { age, doubts: null })).toBe(expected)
  })

  test('a send in doubt is looked at within seconds, then each minute', () => {
    const looks = [0, 1, 2, 3, 4, 5, 6, 20].map((doubts) => nextLook(CHASE, { age: 0, doubts }))
    expect(looks.map((ms) => ms / SECOND)).toEqual([2, 5, 10, 20, 30, 60, 60, 60])
  })

  test('doubt shortens no wait once the citizen cannot be waiting any more', () => {
    expect(nextLook(CHASE, { age: 30 * MINUTE, doubts: 9 })).toBe(MINUTE)
    expect(nextLook(CHASE, { age: 30 * MINUTE + 1, doubts: 9 })).toBe(5 * MINUTE)
  })

  test('a table without doubts falls back to the steps', () => {
    expect(nextLook({ ...CHASE, doubt: [] }, { age: 0, doubts: 0 })).toBe(5 * MINUTE)
  })

  test('90 days of chase ask fewer than 170 times', () => {
    let age = 0
    let looks = 0
    for (; age < 90 * DAY; looks++) age += nextLook(CHASE, { age, doubts: null })
    expect(looks).toBeGreaterThan(90)
    expect(looks).toBeLessThan(170)
  })
})
