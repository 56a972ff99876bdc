import { expect, it } from 'vitest'
import { median, percentile, spread } from './statistics.ts'

it('takes the middle of values in any order', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

it('takes the value that 95 of 100 do not exceed', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(percentile(values, 0.95)).toBe(95)
  expect(percentile([7], 0.95)).toBe(7)
})

it('one outlier among five does not make a control noisy', () => {
  expect(spread([100, 101, 99, 100, 500])).toBeCloseTo(0.01)
  expect(spread([50, 100, 150, 60, 140])).toBeGreaterThan(0.15)
})
