import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from './calendar.ts'
import { isWorkingDay, lastOverdueDay } from './working-days.ts'

describe('a working day', () => {
  it.each([
    ['a Monday', '2026-03-30', true],
    ['a Friday', '2026-04-03', true],
    ['Good Friday, which is no public holiday', '2026-04-03', true],
    ['a Saturday', '2026-04-04', false],
    ['Easter Sunday', '2026-04-05', false],
    ['Easter Monday', '2026-04-06', false],
    ['the day after Easter Monday', '2026-04-07', true],
    ['Easter Monday of 2025', '2025-04-21', false],
    ['Easter Monday of 2027', '2027-03-29', false],
    ['the earliest Easter Monday', '1818-03-23', false],
    ['the latest Easter Monday', '2038-04-26', false],
    ['Easter Monday after 29 February', '2024-04-01', false],
    ['New Year', '2026-01-01', false],
    ['2 January', '2026-01-02', true],
    ['Epiphany', '2026-01-06', false],
    ['25 April, Saturday', '2026-04-25', false],
    ['25 April, Friday', '2025-04-25', false],
    ['1 May', '2026-05-01', false],
    ['2 June', '2026-06-02', false],
    ['15 August', '2025-08-15', false],
    ['4 October before it was a holiday', '2024-10-04', true],
    ['4 October, Monday, since it is one', '2027-10-04', false],
    ['1 November', '2027-11-01', false],
    ['the feast of a patron', '2026-04-27', true],
    ['8 December', '2026-12-08', false],
    ['24 December', '2026-12-24', true],
    ['25 December', '2026-12-25', false],
    ['26 December, Thursday', '2024-12-26', false],
    ['31 December', '2026-12-31', true],
  ])('%s, %s: %s', (_name, day, isWorking) => {
    expect(isWorkingDay(day)).toBe(isWorking)
  })
})

describe('the last day of which five working days are over', () => {
  it.each([
    ['the fifth of them is today', '2026-03-27', '2026-03-19'],
    [
      'the fifth of them was yesterday, and a payment of the weekend before counts like one of Friday',
      '2026-03-28',
      '2026-03-22',
    ],
    ['on Sunday nothing more is over than on Saturday', '2026-03-29', '2026-03-22'],
    ['over Easter', '2026-04-11', '2026-04-02'],
    ['over Christmas and Epiphany', '2027-01-05', '2026-12-27'],
  ])('%s', (_name, today, day) => {
    expect(lastOverdueDay(today, 5)).toBe(day)
  })

  it('is yesterday where no time is given', () => {
    expect(lastOverdueDay('2026-04-06', 0)).toBe('2026-04-05')
  })

  it('has so many working days after it and before today, and the day after it has fewer', () => {
    const anyDay = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('2000-01-01', days))
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 30 }), (today, workingDays) => {
        const day = lastOverdueDay(today, workingDays)
        expect(between(day, today)).toBe(workingDays)
        expect(between(addDays(day, 1), today)).toBe(workingDays - 1)
      }),
    )
  })
})

/** Working days after the one day and before the other. */
function between(after: string, before: string): number {
  let count = 0
  for (let day = addDays(after, 1); day < before; day = addDays(day, 1)) if (isWorkingDay(day)) count++
  return count
}
