import type { Language } from '../language.ts'
import { z } from 'zod'
import { MAX_CAUSALE } from '../causale.ts'
import { cents, MAX_NOTICE_AMOUNT, MAX_IMPORTO, type Cents } from '../money.ts'
import { isPlainText } from '../text.ts'
import { TEXT_FORMATS } from './text-formats.ts'

/**
 * The form of a due type, stored as JSON. Each kind of field has one entry here, one in FIELD_CHECKS, one in LONGEST
 * and one in LOOKS of the page. docs/it/moduli.md explains to staff how to write a form.
 */
export const words = (max: number, min = 1) =>
  z.string().min(min).max(max).refine(isPlainText, 'holds characters that cannot be seen')
const label = (max: number) =>
  z.union([
    words(max),
    z.strictObject({ it: words(max), en: words(max, 0).optional(), de: words(max, 0).optional() }),
  ])
/** The most fields of a form, and the most options of a choice. */
export const MOST_FIELDS = 20
export const MOST_OPTIONS = 50

const common = {
  id: z
    .string()
    .regex(/^[a-z][a-zA-Z0-9]{0,39}$/)
    .refine((id) => !(id in {}), 'every object has something of this name'),
  label: label(60),
  help: label(200).optional(),
}
const required = z.boolean().default(true)
const importo = (max: Cents) => z.int().min(1).max(max).transform(cents)
const day = z.int().min(-36_500).max(36_500)

const textField = z.strictObject({
  ...common,
  kind: z.literal('text'),
  required,
  maxLength: z.int().min(1).max(MAX_CAUSALE).default(60),
  // Formats are named here because a regular expression of the configuration could freeze the server on a long value.
  format: z.enum(TEXT_FORMATS).default('any'),
})

const numberField = z.strictObject({
  ...common,
  kind: z.literal('number'),
  required,
  min: z.int().min(0).default(1),
  max: z.int().max(999_999_999),
  /** Maximum digits after the comma that a person may type. */
  decimals: z.int().min(0).max(3).default(0),
})

/** An amount that is not the amount to pay, such as a declared value or a deposit. */
const moneyField = z.strictObject({
  ...common,
  kind: z.literal('money'),
  required,
  max: importo(MAX_IMPORTO).default(MAX_NOTICE_AMOUNT),
})

const dateField = z.strictObject({
  ...common,
  kind: z.literal('date'),
  required,
  /** Compared with today in Rome. */
  only: z.enum(['any', 'past', 'future']).default('any'),
  /** Days from today; negative means before today. */
  from: day.optional(),
  to: day.optional(),
})

/** `worth` is the number that expressions use for the chosen option, such as a price or a factor. */
const option = z.strictObject({
  value: words(40),
  label: label(60),
  worth: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,6})?$/)
    .optional(),
})

const choiceField = z.strictObject({
  ...common,
  kind: z.literal('choice'),
  required,
  options: z.array(option).min(1).max(MOST_OPTIONS),
})

/** A choice whose options depend on the value of an earlier choice. */
const dependentChoice = z.strictObject({
  ...common,
  kind: z.literal('dependent_choice'),
  required,
  on: z.string(),
  options: z.record(words(40), z.array(option).min(1).max(MOST_OPTIONS)),
})

const fixedAmount = z.strictObject({
  ...common,
  kind: z.literal('amount_fixed'),
  importo: importo(MAX_IMPORTO),
})

const typedAmount = z.strictObject({
  ...common,
  kind: z.literal('amount_typed'),
  max: importo(MAX_IMPORTO).default(MAX_NOTICE_AMOUNT),
})

/** In euro, rounded to the cent. The server evaluates it at each step. */
const computedAmount = z.strictObject({
  ...common,
  kind: z.literal('amount_computed'),
  expression: z.string().min(1).max(1_000),
  max: importo(MAX_IMPORTO).default(MAX_NOTICE_AMOUNT),
})

const simpleFields = [textField, numberField, moneyField, dateField, choiceField, dependentChoice] as const

const rowsField = z.strictObject({
  ...common,
  kind: z.literal('rows'),
  min: z.int().min(1).max(10).default(1),
  max: z.int().min(1).max(10),
  fields: z
    .array(z.discriminatedUnion('kind', [...simpleFields]))
    .min(1)
    .max(8),
})

export const fieldSchema = z.discriminatedUnion('kind', [
  ...simpleFields,
  rowsField,
  fixedAmount,
  typedAmount,
  computedAmount,
])

/** How the ente splits the amount in its accounts. One line may take the rest. */
export const bilancioLine = z.strictObject({
  capitolo: words(12),
  ufficio: words(16).optional(),
  accertamento: words(32).optional(),
  /** An expression in euro, or REST. */
  importo: z.string().min(1).max(1_000),
})

export type Localized = z.output<ReturnType<typeof label>>
export type Field = z.output<typeof fieldSchema>
export type FieldKind = Field['kind']
export type FieldOf<K extends FieldKind> = Extract<Field, { kind: K }>
export type SimpleField = FieldOf<(typeof simpleFields)[number]['shape']['kind']['value']>
export type ChoiceOption = z.output<typeof option>
export type BilancioLine = z.output<typeof bilancioLine>

/** The value of `importo` for the line that takes the rest. */
export const REST = 'resto'

/** The text in `language`, or in Italian where there is no translation. */
export const wordsOf = (text: Localized, language: Language): string =>
  typeof text === 'string' ? text : text[language] || text.it

/** For the causale and the accounts, which are always Italian. */
export const italianOf = (text: Localized): string => wordsOf(text, 'it')

/** A form after parsing, with defaults filled in. */
export interface FormDefinition {
  fields: Field[]
  causale: string
  bilancio?: BilancioLine[] | undefined
}
