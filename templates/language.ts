import { readdirSync, readFileSync } from 'node:fs'
import { createInstance } from 'i18next'
import { LANGUAGES, type Language } from '../domain/language.ts'
import { isOneOf, tableOf } from '../domain/table.ts'

export { LANGUAGES, type Language } from '../domain/language.ts'

export const DEFAULT_LANGUAGE: Language = 'it'

export const isLanguage = (value: unknown): value is Language => isOneOf(LANGUAGES, value)

/** Words by key, "cart.expired": the part before the first dot names the file of the language's folder. */
export type Texts = (key: string, values?: Values) => string

/** What fills the places of a text. */
export type Values = Readonly<Record<string, string | number | null | undefined>>

const i18n = createInstance()
void i18n.init({
  lng: DEFAULT_LANGUAGE,
  fallbackLng: DEFAULT_LANGUAGE,
  initAsync: false,
  resources: Object.fromEntries(
    LANGUAGES.map((language) => [language, { translation: readTexts(language) }]),
  ),
  // Pages escape once, when they are rendered.
  interpolation: { escapeValue: false },
  // A text nobody wrote must fail a test, not show its key to a citizen.
  parseMissingKeyHandler: (key) => {
    throw new RangeError(`no text for ${key}`)
  },
})

/** The files of a language by name, as they are parsed. */
function readTexts(language: Language): Record<string, unknown> {
  const folder = new URL(`language/${language}/`, import.meta.url)
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return Object.fromEntries(
    files.map((file) => [
      file.slice(0, -'.json'.length),
      JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
    ]),
  )
}

const PLACE = /\{\{(\w+)\}\}/g

/** Words of one language. i18next finds each text once; filling its places, it took a fifth of the time of a list. */
function textsIn(language: Language): Texts {
  const fixed = i18n.getFixedT(language)
  /** The text of a key, and whether it has places to fill. */
  const known = new Map<string, { text: string; hasPlaces: boolean }>()
  const find = (key: string): { text: string; hasPlaces: boolean } => {
    const found = known.get(key)
    if (found) return found
    const text = fixed(key, { skipInterpolation: true })
    const made = { text, hasPlaces: text.includes('{{') }
    known.set(key, made)
    return made
  }
  const fill = (key: string, values: Values): string => {
    const { text, hasPlaces } = find(key)
    return hasPlaces ? text.replace(PLACE, (_, name: string) => String(values[name] ?? '')) : text
  }
  return (key, values = {}) =>
    'count' in values
      ? // Which text it is depends on the number. Italian has a form of its own for whole millions, which our words do not need,
        // and a page must not fail because a file has exactly that many rows.
        fixed([key, `${key}_other`], values)
      : fill(key, values)
}

const TEXTS = tableOf(LANGUAGES, textsIn)

export const textsOf = (language: Language): Texts => TEXTS[language]

/** The words of what is in Italian only: pages of operators, administration and support, mails to them, and the receipt. */
export const t: Texts = TEXTS.it

/** The same for what tables hold, which may be older than the words: what nobody named is shown as it is. */
export const tOr = (key: string, otherwise: string): string => (i18n.exists(key) ? t(key) : otherwise)
