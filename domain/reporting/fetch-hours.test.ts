import { expect, it } from 'vitest'
import { nextFetchHour } from './fetch-hours.ts'

it.each([
  ['2026-12-01T11:30:00Z', { day: '2026-12-01', hour: 13 }],
  ['2026-12-01T12:30:00Z', { day: '2026-12-01', hour: 19 }],
  ['2026-12-01T18:00:00Z', { day: '2026-12-02', hour: 1 }],
  ['2026-12-31T23:30:00Z', { day: '2027-01-01', hour: 1 }],
  ['2026-07-01T22:59:00Z', { day: '2026-07-02', hour: 1 }],
])('after %s it is %o', (instant, next) => {
  expect(nextFetchHour(instant)).toEqual(next)
})
