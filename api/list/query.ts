import { z } from 'zod'
import { isStoredDay } from '../../domain/calendar.ts'
import { dayFilter } from './day-filter.ts'
import { optionalWord } from './word-filter.ts'

/** Rows a page may have; the first is the usual. */
export const PAGE_SIZES = [25, 50, 100] as const

/** More than these are not searched through by eye: the page asks to narrow the search. */
export const MOST_ROWS = 500

/** Filters as the address carries them; what cannot be read filters nothing. */
export const Filters = z
  .object({
    ente: optionalWord(80),
    tipo: optionalWord(64),
    dal: dayFilter,
    al: dayFilter,
    causale: optionalWord(140),
    stato: optionalWord(20),
    righe: z.coerce
      .number()
      .pipe(z.union(PAGE_SIZES.map((size) => z.literal(size))))
      .catch(PAGE_SIZES[0]),
    dopo: optionalWord(80),
  })
  .transform(({ dal, al, tipo, ...rest }) => ({ ...rest, dueType: tipo, from: dal, to: al }))

export type Filters = z.output<typeof Filters>

/** The address of the page after this one: the same filters, and where this one ended. */
export function nextHref(path: string, query: object, dopo: string): string {
  const kept = Object.entries(query).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  )
  return `${path}?${new URLSearchParams({ ...Object.fromEntries(kept), dopo }).toString()}`
}

/** "2026-12-31_<uuid>", "-_<uuid>" where there is no day, "<instant>_<uuid>": the last row of a page. */
export const writeKey = (first: string | null, id: string): string => `${first ?? '-'}_${id}`

const Instant = z.iso.datetime()
/** What the database would refuse is no place in a list. */
const isPlace = (text: string): boolean =>
  isStoredDay(text.slice(0, 10)) && (text.length === 10 || Instant.safeParse(text).success)

export function readKey(text: string | undefined): { first: string | null; id: string } | undefined {
  const match = /^(-|[0-9TZ:.-]{10,40})_([0-9a-f-]{36})$/.exec(text ?? '')
  if (!match || !z.uuid().safeParse(match[2]).success) return undefined
  const first = match[1] === '-' ? null : match[1]!
  return first === null || isPlace(first) ? { first, id: match[2]! } : undefined
}
