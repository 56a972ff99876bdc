import { expect, it } from 'vitest'
import { reportingWeeksChart, type WeekBars } from './reporting-weeks.ts'

const heights = (weeks: readonly WeekBars[]): number[] =>
  [...reportingWeeksChart(weeks).matchAll(/<rect [^>]*%" y="[\d.]+" width="[\d.]+%" height="([\d.]+)"/g)].map(
    ([, height]) => Number(height),
  )

it('three bars for each week, as high as their money', () => {
  const [full, half, none] = heights([{ name: '01/12', cents: [100_00, 50_00, 0] }])
  expect(full! / half!).toBeCloseTo(2, 1)
  expect(none).toBe(0)
})

it('a cent is still to be seen, and more revoked than reported draws nothing', () => {
  expect(heights([{ name: '01/12', cents: [1_000_000_00, 1, -5_00] }]).slice(1)).toEqual([2, 0])
})

it('the three fillings differ without colours, and the legend has them', () => {
  const svg = reportingWeeksChart([{ name: '01/12', cents: [1, 1, 1] }])
  const [, legend] = svg.split('<ul')
  for (const look of ['"mypay-chart-bar"', 'url(#settimane-tratto)', 'mypay-chart-empty']) {
    expect(svg.split('<ul')[0]).toContain(look)
    expect(legend).toContain(look)
  }
})

it('eight weeks have four names, the last one among them', () => {
  const weeks = Array.from({ length: 8 }, (_, at) => ({ name: `0${at + 1}/12`, cents: [1, 1, 1] }))
  const svg = reportingWeeksChart(weeks)
  expect(svg.match(/y="210"/g)).toHaveLength(4)
  expect(svg).toContain('>08/12<')
})
