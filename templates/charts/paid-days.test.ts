import { expect, it } from 'vitest'
import { addDays } from '../../domain/calendar.ts'
import { paidDaysChart } from './paid-days.ts'

/** The chart of days from 1 March on; the last one is today. */
const chartOf = (paid: readonly number[], today = addDays('2026-03-01', paid.length - 1)): string =>
  paidDaysChart({
    bars: paid.map((cents, at) => ({ day: addDays('2026-03-01', at), items: 1, cents })),
    today,
    period: 'di prova',
  })

const heights = (svg: string): number[] =>
  [...svg.matchAll(/class="mypay-chart-(?:bar|today)"[^>]* height="([\d.]+)"/g)].map(([, height]) =>
    Number(height),
  )

it('bars are as high as their money, and today is hatched', () => {
  const svg = chartOf([100_00, 0, 50_00])
  const [first, none, half] = heights(svg)
  expect(none).toBe(0)
  expect(first! / half!).toBeCloseTo(2, 1)
  expect(svg.match(/fill="url/g)).toHaveLength(1)
})

it('a cent beside a million is still to be seen, and a month without money is drawn', () => {
  expect(heights(chartOf([1, 1_000_000_00]))[0]).toBe(2)
  expect(heights(chartOf([0, 0]))).toEqual([0, 0])
})

it('says its figures in words', () => {
  const svg = chartOf([100_00, 250_50])
  expect(svg).toContain('role="img"')
  expect(svg).toContain('350,50 €')
  expect(svg).toContain('02/03/2026')
})

it('a period that has ended has no bar of today, and as many names of days as a phone has room for', () => {
  const svg = chartOf([100_00, 50_00], '2026-05-01')
  expect(svg).not.toContain('fill="url')
  expect(svg).not.toContain('>oggi<')
  const names = (days: number): number => chartOf(Array<number>(days).fill(1)).match(/y="210"/g)!.length
  expect([1, 7, 13, 30, 92].map(names)).toEqual([1, 7, 7, 5, 5])
})
