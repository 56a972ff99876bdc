import { expect, it } from 'vitest'
import { lookAt, MOST_NAMED, noFindings, type LookedAt } from './findings.ts'

const TODAY = '2026-11-30'
const of = (...rows: Partial<LookedAt>[]) => {
  const findings = noFindings()
  rows.forEach((row, at) =>
    lookAt(
      findings,
      { row: at + 1, cents: 100, dueOn: undefined, cap: undefined, nazione: undefined, ...row },
      TODAY,
    ),
  )
  return findings
}

it('knows how many rows make the sum, and the rows with the lowest and the highest amount', () => {
  expect(of({ cents: 4550 }, { cents: 123450 }, { cents: 100 })).toMatchObject({
    rows: 3,
    totalCents: 128100,
    lowest: { row: 3, cents: 100 },
    highest: { row: 2, cents: 123450 },
  })
})

it('a day is over when it is before today', () => {
  expect(of({ dueOn: '2026-11-29' }, { dueOn: '2026-11-30' }, {}).pastDue).toEqual({ count: 1, rows: [1] })
})

it.each([
  ['3018', '', true],
  ['3O018', 'IT', true],
  ['30018', 'it', false],
  ['', 'IT', false],
  ['SW1A', 'GB', false],
])('a CAP %s of %s is odd: %s', (cap, nazione, isOdd) => {
  expect(of({ cap, nazione }).cap.count).toBe(isOdd ? 1 : 0)
})

it('names the first rows and counts the others', () => {
  const { cap } = of(...Array.from({ length: MOST_NAMED + 5 }, () => ({ cap: '1' })))
  expect([cap.count, cap.rows.length]).toEqual([MOST_NAMED + 5, MOST_NAMED])
})
