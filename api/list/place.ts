import { z } from 'zod'
import { isStoredDay } from '../../domain/calendar.ts'

/** The place of a row in a list, for the address of the next page: "2026-12-31_<uuid>", "<instant>_<uuid>", or "-_<uuid>" without a day. */
export const writePlace = (first: string | null, id: string): string => `${first ?? '-'}_${id}`

const Instant = z.iso.datetime()
/** True for a day or an instant that the database can store. */
const isPlace = (text: string): boolean =>
  isStoredDay(text.slice(0, 10)) && (text.length === 10 || Instant.safeParse(text).success)

/** Reads what `writePlace` has written; undefined for any other text, and for a day or an instant that the database cannot store. */
export function readPlace(text: string | undefined): { first: string | null; id: string } | undefined {
  const match = /^(-|[0-9TZ:.-]{10,40})_([0-9a-f-]{36})$/.exec(text ?? '')
  if (!match || !z.uuid().safeParse(match[2]).success) return undefined
  const first = match[1] === '-' ? null : match[1]!
  return first === null || isPlace(first) ? { first, id: match[2]! } : undefined
}

/** Reads a place that is the id of a row; undefined for any other text. */
export const readId = (text: string | undefined): string | undefined => z.uuid().safeParse(text).data

/** Reads a place that is the number of a row; undefined for any other text. */
export const readNumber = (text: string | undefined): number | undefined =>
  z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).safeParse(text).data
