import { DateTime } from 'luxon'

/**
 * Calendar days of Europe/Rome. An instant is an ISO text in UTC. A day is 'YYYY-MM-DD' and never becomes a Date.
 * Nothing here reads a clock: callers pass the instant.
 */
const ZONE = 'Europe/Rome'

/** The day in Rome at that instant: 23:30Z of 31 December is already the next year. */
export function romeDay(instant: string): string {
  return inRome(instant).toISODate()!
}

/** Rome wall-clock time without offset, "2026-03-31T10:15:00", the form that messages of the node use. */
export function romeDateTime(instant: string): string {
  return inRome(instant).toFormat("yyyy-MM-dd'T'HH:mm:ss")
}

/** The instant of an ISO time, which is one of Rome where it names no zone; undefined for any other text. */
export function romeInstant(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) || !isCountableDay(text.slice(0, 10))) return undefined
  const time = DateTime.fromISO(text, { zone: ZONE })
  return time.isValid ? time.toUTC().toISO()! : undefined
}

/** The instant at which that day begins in Rome. */
export function startOfRomeDay(day: string): string {
  mustBeDay(day)
  return DateTime.fromISO(day, { zone: ZONE }).startOf('day').toUTC().toISO()!
}

/** Monday to Friday, 8 to 18 in Rome, when people answer the telephone. Holidays are not considered. */
export function isOfficeHour(instant: string): boolean {
  const { weekday, hour } = inRome(instant)
  return weekday <= 5 && hour >= 8 && hour < 18
}

/** Saturday or Sunday. */
export const isWeekend = (day: string): boolean => [0, 6].includes(new Date(midnight(day)).getUTCDay())

export function addDays(day: string, days: number): string {
  return new Date(midnight(day) + days * DAY_MS).toISOString().split('T')[0]!
}

/** The Monday of the week of a day. */
export const startOfWeek = (day: string): string =>
  addDays(day, -((new Date(midnight(day)).getUTCDay() + 6) % 7))

/** Days from one day to the other, negative when `to` is earlier. The change to or from summer time does not matter. */
export function daysBetween(from: string, to: string): number {
  return (midnight(to) - midnight(from)) / DAY_MS
}

/** Milliseconds since 1970 at which a day begins in UTC, where all days have 24 hours; counting days in a time zone costs fifty times as much. */
function midnight(day: string): number {
  mustBeDay(day)
  return Date.parse(`${day}T00:00:00Z`)
}
const DAY_MS = 86_400_000

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export function isDay(text: string): boolean {
  const parts = DAY.exec(text)
  if (!parts) return false
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const length = month === 2 && isLeap ? 29 : MONTH_DAYS[month - 1]
  return length !== undefined && day >= 1 && day <= length
}

/** A day from 1000-01-01 to 9899-12-31. The database and day arithmetic support fewer days than ISO texts can name. */
export const isCountableDay = (text: string): boolean =>
  isDay(text) && text >= FIRST_STORED && text < '9900-01-01'

/** A day that the database can store: its calendar begins later than that of ISO texts. */
export const isStoredDay = (text: string): boolean => isDay(text) && text >= FIRST_STORED
const FIRST_STORED = '1000-01-01'

/** Reads a day as a browser sends it ("2026-03-31") or as a person types it ("31/03/2026", "1/3/2026"). */
export function parseTypedDay(text: string): string | undefined {
  const trimmed = text.trim()
  const match = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(trimmed)
  const day = match ? `${match[3]}-${match[2]!.padStart(2, '0')}-${match[1]!.padStart(2, '0')}` : trimmed
  return isDay(day) ? day : undefined
}

/** "2026-03-31" → "31/03/2026". */
export function formatDay(day: string): string {
  mustBeDay(day)
  return `${day.slice(8)}/${day.slice(5, 7)}/${day.slice(0, 4)}`
}

/** An instant in the Italian form, "31/03/2026 10:15". */
export function formatInstant(instant: string): string {
  return inRome(instant).toFormat('dd/MM/yyyy HH:mm')
}

/** An instant with seconds, "31/03/2026 10:15:07", for lists where the order of events matters. */
export function formatInstantToSecond(instant: string): string {
  return inRome(instant).toFormat('dd/MM/yyyy HH:mm:ss')
}

function inRome(instant: string): DateTime {
  const time = DateTime.fromISO(instant, { zone: ZONE })
  if (!time.isValid) throw new RangeError('not an ISO instant')
  return time
}

function mustBeDay(text: string): void {
  if (!isDay(text)) throw new RangeError('not a calendar day')
}
