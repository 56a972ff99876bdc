import { expect, it } from 'vitest'
import { addDays } from '../../domain/calendar.ts'
import { paidDaysChart } from './paid-days.ts'

const bars = (paid: readonly number[]) =>
  paid.map((cents, at) => ({ day: addDays('2026-03-01', at), items: 1, cents }))

const heights = (svg: string): number[] =>
  [...svg.matchAll(/class="mypay-chart-(?:bar|today)"[^>]* height="([\d.]+)"/g)].map(([, height]) =>
    Number(height),
  )

it('bars are as high as their money, and today is hatched', () => {
  const svg = paidDaysChart(bars([100_00, 0, 50_00]))
  const [first, none, half] = heights(svg)
  expect(none).toBe(0)
  expect(first! / half!).toBeCloseTo(2, 1)
  expect(svg.match(/fill="url/g)).toHaveLength(1)
})

it('a cent beside a million is still to be seen, and a month without money is drawn', () => {
  expect(heights(paidDaysChart(bars([1, 1_000_000_00])))[0]).toBe(2)
  expect(heights(paidDaysChart(bars([0, 0])))).toEqual([0, 0])
})

it('says its figures in words', () => {
  const svg = paidDaysChart(bars([100_00, 250_50]))
  expect(svg).toContain('role="img"')
  expect(svg).toContain('350,50 €')
  expect(svg).toContain('02/03/2026')
})
