import { describe, expect, it } from 'vitest'
import {
  isOfficeHour,
  addDays,
  daysBetween,
  formatDay,
  formatInstant,
  isDay,
  parseTypedDay,
  romeDateTime,
  romeDay,
  startOfRomeDay,
} from './calendar.ts'

describe('days of Rome', () => {
  it.each([
    ['2025-12-31T22:59:59.999Z', '2025-12-31'],
    ['2025-12-31T23:00:00.000Z', '2026-01-01'],
    ['2026-06-30T21:59:59Z', '2026-06-30'],
    ['2026-06-30T22:00:00Z', '2026-07-01'],
    ['2026-03-29T00:59:59Z', '2026-03-29'],
  ])('%s is on %s', (instant, day) => {
    expect(romeDay(instant)).toBe(day)
  })

  it.each([
    ['2026-01-15', '2026-01-14T23:00:00.000Z'],
    ['2026-07-15', '2026-07-14T22:00:00.000Z'],
    ['2026-03-29', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', '2026-03-29T22:00:00.000Z'],
  ])('%s begins at %s', (day, instant) => {
    expect(startOfRomeDay(day)).toBe(instant)
  })

  it('wall-clock time follows the change of hour', () => {
    expect(romeDateTime('2026-03-29T00:59:59Z')).toBe('2026-03-29T01:59:59')
    expect(romeDateTime('2026-03-29T01:00:00Z')).toBe('2026-03-29T03:00:00')
  })

  it('counting days does not trip over the change of hour', () => {
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30')
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2)
    expect(daysBetween('2026-10-26', '2026-10-24')).toBe(-2)
  })

  it('refuses what is neither an instant nor a day', () => {
    expect(() => romeDay('yesterday')).toThrow(RangeError)
    expect(() => addDays('2026-02-30', 1)).toThrow(RangeError)
  })
})

describe('days people type and read', () => {
  it.each([
    ['2026-03-31', '2026-03-31'],
    ['31/03/2026', '2026-03-31'],
    ['1/3/2026', '2026-03-01'],
    ['31.03.2026', '2026-03-31'],
    [' 31/03/2026 ', '2026-03-31'],
    ['31-03-2026', undefined],
    ['30/02/2026', undefined],
    ['31/03/26', undefined],
    ['', undefined],
    ['2026-3-1', undefined],
  ])('%j', (text, day) => {
    expect(parseTypedDay(text)).toBe(day)
  })

  it('knows the days that exist', () => {
    expect(isDay('2024-02-29')).toBe(true)
    expect(isDay('2026-02-29')).toBe(false)
    expect(isDay('2026-02-28T00:00:00Z')).toBe(false)
  })

  it('prints them the Italian way', () => {
    expect(formatDay('2026-03-01')).toBe('01/03/2026')
    expect(formatInstant('2026-03-31T22:05:00Z')).toBe('01/04/2026 00:05')
  })
})

describe('office hours', () => {
  it.each([
    ['2026-03-27T07:00:00Z', true], // Friday 8:00 in Rome, winter time
    ['2026-03-27T06:59:59Z', false],
    ['2026-03-30T06:00:00Z', true], // Monday 8:00 in Rome, summer time
    ['2026-03-30T15:59:59Z', true],
    ['2026-03-30T16:00:00Z', false],
    ['2026-03-28T10:00:00Z', false], // Saturday
    ['2026-03-29T22:30:00Z', false], // Monday 0:30 in Rome
  ])('%s: %s', (instant, isOpen) => {
    expect(isOfficeHour(instant)).toBe(isOpen)
  })
})
