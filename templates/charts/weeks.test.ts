import { expect, it } from 'vitest'
import { addDays } from '../../domain/calendar.ts'
import { weeksChart, type WeekBars } from './weeks.ts'

const chartOf = (sums: readonly Omit<WeekBars, 'week'>[]): string =>
  weeksChart(sums.map((sum, at) => ({ week: addDays('2026-09-07', 7 * at), ...sum })))

const heights = (svg: string, look: string): number[] =>
  [...svg.matchAll(new RegExp(`class="mypay-chart-${look}"[^>]*y="[\\d.]+" height="([\\d.]+)"`, 'g'))].map(
    ([, height]) => Number(height),
  )

it('each week has three bars as high as their money, which look different without colours', () => {
  const svg = chartOf([
    { collected: 100_00, reported: 50_00, credited: 25_00 },
    { collected: 0, reported: 0, credited: 0 },
  ])
  expect(heights(svg, 'bar')[0]! / heights(svg, 'today')[0]!).toBeCloseTo(2, 1)
  expect(heights(svg, 'bar')[0]! / heights(svg, 'hollow')[0]!).toBeCloseTo(4, 1)
  expect([heights(svg, 'bar')[1], heights(svg, 'today')[1], heights(svg, 'hollow')[1]]).toEqual([0, 0, 0])
})

it('a cent beside a million is still to be seen, and more revoked than paid makes no bar', () => {
  expect(heights(chartOf([{ collected: 1_000_000_00, reported: 1, credited: -5 }]), 'today')).toEqual([2])
  expect(heights(chartOf([{ collected: 1_000_000_00, reported: 1, credited: -5 }]), 'hollow')).toEqual([0])
})

it('of thirteen weeks it names as many as a phone has room for, the newest among them', () => {
  const svg = chartOf(Array.from({ length: 13 }, () => ({ collected: 1, reported: 1, credited: 1 })))
  const names = [...svg.matchAll(/>(\d\d\/\d\d)</g)].map(([, name]) => name)
  expect(names).toHaveLength(5)
  expect(names.at(-1)).toBe('30/11')
})
