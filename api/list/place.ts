import { z } from 'zod'
import { isStoredDay } from '../../domain/calendar.ts'

/** "2026-12-31_<uuid>", "-_<uuid>" where there is no day, "<instant>_<uuid>": the last row of a page. */
export const writePlace = (first: string | null, id: string): string => `${first ?? '-'}_${id}`

const Instant = z.iso.datetime()
/** A place that the database would refuse is none. */
const isPlace = (text: string): boolean =>
  isStoredDay(text.slice(0, 10)) && (text.length === 10 || Instant.safeParse(text).success)

export function readPlace(text: string | undefined): { first: string | null; id: string } | undefined {
  const match = /^(-|[0-9TZ:.-]{10,40})_([0-9a-f-]{36})$/.exec(text ?? '')
  if (!match || !z.uuid().safeParse(match[2]).success) return undefined
  const first = match[1] === '-' ? null : match[1]!
  return first === null || isPlace(first) ? { first, id: match[2]! } : undefined
}

/** A place that is the id of a row. */
export const readId = (text: string | undefined): string | undefined => z.uuid().safeParse(text).data

/** A place that is the number of a row. */
export const readNumber = (text: string | undefined): number | undefined =>
  z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).safeParse(text).data
