import { parseTypedImporto, formatEuro, MAX_IMPORTO, type Cents } from '../../money.ts'
import { withComma } from './decimal.ts'
import { fieldSchema, type Field, type Localized } from '../fields.ts'
import { TEXT_FORMATS } from '../text-formats.ts'

/**
 * What an input of a field writes: undefined when the text is no value for it.
 * `text`: a text in one language. `flag`: yes or no. `whole`: a whole number. `euro`: an amount. `choice`: one of a list.
 */
export type InputKind = 'text' | 'flag' | 'whole' | 'euro' | 'choice'

/** One property of a field that people change without writing JSON. */
export interface Input {
  /** The property, and for words the language: "label.it". */
  name: string
  kind: InputKind
  /** True when it may be left empty. */
  isOptional: boolean
  choices: readonly string[]
  /** The value as its input shows it. */
  shown: string
}

const LANGUAGES = ['it', 'en', 'de'] as const
type Word = (typeof LANGUAGES)[number]

const ONLY = ['any', 'past', 'future'] as const

const whole = (name: string, value: number | undefined, isOptional = false): Input => ({
  name,
  kind: 'whole',
  isOptional,
  choices: [],
  shown: value === undefined ? '' : String(value),
})
const euro = (name: string, value: Cents): Input => ({
  name,
  kind: 'euro',
  isOptional: false,
  choices: [],
  shown: formatEuro(value).replace(' €', ''),
})
const choice = (name: string, choices: readonly string[], shown: string): Input => ({
  name,
  kind: 'choice',
  isOptional: false,
  choices,
  shown,
})

/** The inputs of a field: its words, then what its kind has. Prices and options have inputs of their own. */
export const inputsOf = (field: Field): Input[] => [
  ...wordInputs('label', field.label),
  ...wordInputs('help', field.help),
  ...('required' in field
    ? [{ ...choice('required', [], String(field.required)), kind: 'flag' as const }]
    : []),
  ...ofKind(field),
]

/** One input for each language of a text. Italian is the text of a form that has no translations. */
export const wordInputs = (name: 'label' | 'help', text: Localized | undefined): Input[] =>
  LANGUAGES.map((language) => ({
    name: `${name}.${language}`,
    kind: 'text',
    isOptional: name === 'help' || language !== 'it',
    choices: [],
    shown: wordOf(text, language),
  }))

const wordOf = (text: Localized | undefined, language: Word): string => {
  if (text === undefined || typeof text === 'string') return language === 'it' ? (text ?? '') : ''
  return text[language] ?? ''
}

function ofKind(field: Field): Input[] {
  switch (field.kind) {
    case 'text':
      return [whole('maxLength', field.maxLength), choice('format', TEXT_FORMATS, field.format)]
    case 'number':
      return [whole('min', field.min), whole('max', field.max), whole('decimals', field.decimals)]
    case 'date':
      return [choice('only', ONLY, field.only), whole('from', field.from, true), whole('to', field.to, true)]
    case 'rows':
      return [whole('min', field.min), whole('max', field.max)]
    case 'money':
    case 'amount_typed':
    case 'amount_computed':
      return [euro('max', field.max)]
    default:
      return []
  }
}

/** The field with the text that was typed for one of its inputs; undefined when the text cannot be its value. */
export function withInput(field: Field, input: Input, text: string): Field | undefined {
  if (text === input.shown) return field
  if (text === '' && !input.isOptional) return undefined
  const [name = '', language] = input.name.split('.')
  const value = language === undefined ? READERS[input.kind](text) : wordsWith(field, name, language, text)
  if (value === undefined && text !== '') return undefined
  const { success, data } = fieldSchema.safeParse({ ...field, [name]: value })
  return success ? data : undefined
}

const READERS: Record<InputKind, (text: string) => string | number | boolean | undefined> = {
  text: (text) => text,
  choice: (text) => text,
  flag: (text) => (['true', 'false'].includes(text) ? text === 'true' : undefined),
  whole: (text) => (/^-?\d{1,9}$/.test(text) ? Number(text) : undefined),
  euro: (text) => {
    const read = parseTypedImporto(withComma(text), MAX_IMPORTO)
    return read.ok ? read.importo : undefined
  },
}

const wordsWith = (field: Field, name: string, language: string, text: string): Localized | undefined =>
  changedWords(name === 'help' ? field.help : field.label, language, text)

type Words = Partial<Record<Word, string | undefined>>

/** A text with other words in one language. It is one text alone as long as there is no translation. */
export function changedWords(
  before: Localized | undefined,
  language: string,
  text: string,
): Localized | undefined {
  const known: Words = typeof before === 'object' ? before : { it: before ?? '' }
  const { it = '', en, de }: Words = { ...known, [language]: text }
  if (!en && !de) return it === '' ? undefined : it
  return { it, ...(en ? { en } : {}), ...(de ? { de } : {}) }
}
