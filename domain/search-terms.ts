import { addDays, isStoredDay, parseTypedDay } from './calendar.ts'
import { hasFiscalForm } from './codice-fiscale.ts'
import { MAX_IMPORTO, parseTypedImporto, type Cents } from './money.ts'

/** What one part of the text of a search box stands for. */
export type SearchPart = { typed: string } & (
  | { kind: 'email'; text: string }
  | { kind: 'fiscalCode'; text: string }
  /** It may be an IUV, a notice number, an IUD or the id of a payment. */
  | { kind: 'code'; text: string }
  | { kind: 'word'; text: string }
  | { kind: 'amount'; cents: Cents }
  /** A short whole number: an amount, or a word such as the 2 of "rata 2". */
  | { kind: 'number'; text: string; cents: Cents }
  /** Days such as "2026-03-31". A day without a year may be that of last year, of this one or of the next. */
  | { kind: 'day'; days: readonly string[] }
)

export type PartOf<Kind extends SearchPart['kind']> = Extract<SearchPart, { kind: Kind }>

/** The parts of some kinds. */
export const partsOf = <Kind extends SearchPart['kind']>(
  parts: readonly SearchPart[],
  ...kinds: readonly Kind[]
): PartOf<Kind>[] =>
  parts.filter((part): part is PartOf<Kind> => (kinds as readonly string[]).includes(part.kind))

type Read = (typed: string, today: string) => SearchPart | undefined

/** Words beside an amount that say nothing. */
const IGNORED: ReadonlySet<string> = new Set(['€', 'euro', 'eur'])

/** The first reader that understands a part decides what it stands for. */
const READERS: readonly Read[] = [
  (typed) => (typed.includes('@') ? { typed, kind: 'email', text: typed.toLowerCase() } : undefined),
  (typed) => (hasFiscalForm(typed) ? { typed, kind: 'fiscalCode', text: typed.toUpperCase() } : undefined),
  dayOf,
  amountOf,
  (typed) => (/\d/.test(typed) ? { typed, kind: 'code', text: typed } : undefined),
]

const NAMED_DAYS = new Map<string, number>([
  ['oggi', 0],
  ['ieri', -1],
])

function dayOf(typed: string, today: string): SearchPart | undefined {
  const ago = NAMED_DAYS.get(typed.toLowerCase())
  if (ago !== undefined) return { typed, kind: 'day', days: [addDays(today, ago)] }
  const year = Number(today.slice(0, 4))
  const texts = /^\d{1,2}\/\d{1,2}$/.test(typed)
    ? [year - 1, year, year + 1].map((one) => `${typed}/${one}`)
    : [typed]
  const days = texts.map(parseTypedDay).filter((day) => day !== undefined && isStoredDay(day))
  return days.length > 0 ? { typed, kind: 'day', days: days as string[] } : undefined
}

/** A search may read "10.50" as 10,50 €: a wrong guess finds nothing, and no one pays by it. */
const toComma = (text: string): string => text.replace(/^(\d+)\.(\d{1,2})$/, '$1,$2')

/** An amount has a comma or a point before its cents, or is short; a longer whole number is a code. */
function amountOf(typed: string): SearchPart | undefined {
  const text = toComma(typed.replace(/€$/, ''))
  const isWhole = /^\d+$/.test(text)
  if (isWhole && text.length > 6) return undefined
  const read = parseTypedImporto(text, MAX_IMPORTO)
  if (!read.ok) return undefined
  return isWhole && text === typed
    ? { typed, kind: 'number', text, cents: read.importo }
    : { typed, kind: 'amount', cents: read.importo }
}

/**
 * Reads what somebody typed into one box, such as "Bianchi Chiara 21,75 oggi": all parts must fit together. A number in groups, as on a
 * notice, is one part.
 * @param today the day in Rome
 */
export function readTerms(text: string, today: string): SearchPart[] {
  const trimmed = text.trim()
  const joined = trimmed.replaceAll(/\s/g, '')
  if (/^\d{15,}$/.test(joined)) return [{ typed: trimmed, kind: 'code', text: joined }]
  const words = trimmed.split(/\s+/).filter((typed) => typed !== '')
  const telling = words.filter((typed) => !IGNORED.has(typed.toLowerCase()))
  // A text of such words alone is looked for as it is.
  return (telling.length > 0 ? telling : words).map((typed) => partOf(typed, today))
}

function partOf(typed: string, today: string): SearchPart {
  for (const read of READERS) {
    const part = read(typed, today)
    if (part) return part
  }
  return { typed, kind: 'word', text: typed }
}

/** The person whom the parts name, as one text; undefined when they name nobody. A word may be a name. */
export function personIn(parts: readonly SearchPart[]): string | undefined {
  const [named] = [...partsOf(parts, 'fiscalCode'), ...partsOf(parts, 'email')]
  if (named) return named.text
  const words = partsOf(parts, 'word').map(({ text }) => text)
  return words.some((text) => /\p{L}/u.test(text)) ? words.join(' ') : undefined
}
