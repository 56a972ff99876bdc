import { addDays, isWeekend } from './calendar.ts'

/** Public holidays of Italy that have a day of their own, as month and day, and the first year of a newer one. */
const HOLIDAYS: Record<string, number> = {
  '01-01': 0,
  '01-06': 0,
  '04-25': 0,
  '05-01': 0,
  '06-02': 0,
  '08-15': 0,
  // Saint Francis, by law 151 of 2025.
  '10-04': 2026,
  '11-01': 0,
  '12-08': 0,
  '12-25': 0,
  '12-26': 0,
}

/** Monday to Friday without Italy's public holidays. The feast of a town's patron counts, because banks work on it. */
export const isWorkingDay = (day: string): boolean => !isWeekend(day) && !isHoliday(day)

function isHoliday(day: string): boolean {
  const year = Number(day.slice(0, 4))
  const since = HOLIDAYS[day.slice(5)]
  return (since !== undefined && year >= since) || day === addDays(easter(year), 1)
}

/**
 * The last day of which so many working days are over before today. What happened on it or earlier is late where they were the time for it.
 */
export function lastOverdueDay(today: string, workingDays: number): string {
  let day = addDays(today, -1)
  for (let left = workingDays; left > 0; day = addDays(day, -1)) if (isWorkingDay(day)) left--
  return day
}

/** Easter Sunday in the Gregorian calendar (Meeus, Jones, Butcher). */
function easter(year: number): string {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const e = b % 4
  const f = Math.floor((b + 8) / 25)
  const g = Math.floor((b - f + 1) / 3)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const k = c % 4
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${String(year).padStart(4, '0')}-${two(Math.floor(n / 31))}-${two((n % 31) + 1)}`
}
