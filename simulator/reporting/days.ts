import { DateTime } from 'luxon'

const ZONE = 'Europe/Rome'

/** The real time, moved forward by whole days of Rome. */
export function movedNow(days: number): Date {
  return DateTime.now().setZone(ZONE).plus({ days }).toJSDate()
}

/** The day of Rome of an ISO instant. */
export function dayOf(instant: string): string {
  return DateTime.fromISO(instant, { zone: ZONE }).toFormat('yyyy-MM-dd')
}

/** Local time of Rome without a zone, as documents of the old generation have it. */
export function localTime(instant: string): string {
  return DateTime.fromISO(instant, { zone: ZONE }).toFormat("yyyy-MM-dd'T'HH:mm:ss")
}

export function dayAfter(day: string): string {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ days: 1 }).toFormat('yyyy-MM-dd')
}
