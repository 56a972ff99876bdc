import { hasFiscalForm } from './codice-fiscale.ts'
import { isStoredDay, parseTypedDay } from './calendar.ts'
import { MAX_IMPORTO, parseTypedImporto, type Cents } from './money.ts'

/** What somebody typed into one box, read as what it can stand for. All terms must fit together. */
export interface SearchTerms {
  /** Texts that may be an IUV, a notice number, an IUD or the id of a payment. */
  codes: string[]
  fiscalCodes: string[]
  emails: string[]
  /** Amounts in cents. */
  amounts: Cents[]
  /** Days such as "2026-03-31". */
  days: string[]
  /** Words of a name. */
  words: string[]
}

const NOTHING: SearchTerms = { codes: [], fiscalCodes: [], emails: [], amounts: [], days: [], words: [] }

const hasDigits = (text: string): boolean => /\d/.test(text)

/** The first row that fits a word of the box decides what it stands for. */
const KINDS: [kind: keyof SearchTerms, read: (word: string) => string | Cents | undefined][] = [
  ['emails', (word) => (word.includes('@') ? word.toLowerCase() : undefined)],
  ['fiscalCodes', (word) => (hasFiscalForm(word) ? word.toUpperCase() : undefined)],
  ['days', dayOf],
  ['amounts', amountOf],
  ['codes', (word) => (hasDigits(word) ? word : undefined)],
  ['words', (word) => word],
]

function dayOf(word: string): string | undefined {
  const day = parseTypedDay(word)
  return day !== undefined && isStoredDay(day) ? day : undefined
}

/** An amount has a comma or is short; a longer number without a comma is a code. */
function amountOf(word: string): Cents | undefined {
  if (!word.includes(',') && word.length > 6) return undefined
  const typed = parseTypedImporto(word.replace(/€$/, ''), MAX_IMPORTO)
  return typed.ok ? typed.importo : undefined
}

/** Reads "Bianchi Chiara 21,75" as a name and an amount. A number in groups, as on a notice, is one code. */
export function readTerms(text: string): SearchTerms {
  const trimmed = text.trim()
  const joined = trimmed.replaceAll(/\s/g, '')
  if (/^\d{15,}$/.test(joined)) return { ...NOTHING, codes: [joined] }
  const terms = structuredClone(NOTHING)
  for (const word of trimmed.split(/\s+/).filter((one) => one !== '' && one !== '€')) {
    for (const [kind, read] of KINDS) {
      const value = read(word)
      if (value === undefined) continue
      // Each reader gives what its list holds.
      ;(terms[kind] as unknown[]).push(value)
      break
    }
  }
  return terms
}

/** The person whom the terms name, as one text; undefined when they name nobody. */
export function personIn({ fiscalCodes, emails, words }: SearchTerms): string | undefined {
  const [text] = [...fiscalCodes, ...emails, ...(words.length > 0 ? [words.join(' ')] : [])]
  return text
}
