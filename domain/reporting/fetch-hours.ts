import { addDays, romeDateTime, romeDay } from '../calendar.ts'

/** Hours of Rome at which the reporting flows of an ente are fetched. */
export const FETCH_HOURS = [1, 7, 13, 19]

/** Minutes by which a fetch may begin later, so that not all enti ask at once. */
export const FETCH_JITTER_MINUTES = 20

/** The day and the hour of Rome of the next fetch after an instant. */
export function nextFetchHour(instant: string): { day: string; hour: number } {
  const now = Number(romeDateTime(instant).slice(11, 13))
  const today = romeDay(instant)
  const hour = FETCH_HOURS.find((one) => one > now)
  return hour === undefined ? { day: addDays(today, 1), hour: FETCH_HOURS[0]! } : { day: today, hour }
}
