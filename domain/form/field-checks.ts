import { addDays, formatDay, parseTypedDay } from '../calendar.ts'
import { letterSlip } from '../codice-fiscale.ts'
import { type Cents, formatEuro, parseTypedImporto } from '../money.ts'
import {
  italianOf,
  type ChoiceOption,
  type Field,
  type FieldOf,
  type Localized,
  type SimpleField,
} from './fields.ts'
import type { Value } from './expression/evaluate.ts'
import { parseDecimal, rational } from './expression/rational.ts'
import { FORMAT_RULES } from './text-formats.ts'

/** How to correct a field: a key of the language files and the values in its text. */
export interface FormProblem {
  key: string
  values: Record<string, string | number>
  /** Values in the languages of the form, by their names in the text. */
  words?: Record<string, Localized>
}

/**
 * `value` is stored and shown again in the field; checking it again gives the same result. `shown` is its text in the
 * causale. `holds` is the value for expressions, absent when the field is empty.
 */
export type FieldCheck =
  | { ok: true; value: string; shown: string; holds?: Value; importo?: Cents }
  | { ok: false; problem: FormProblem }

export interface CheckContext {
  /** Today in Rome, 'YYYY-MM-DD'. */
  today: string
}

/** Fields with a value of their own, including the amounts that are not computed. */
export type SingleField = SimpleField | FieldOf<'amount_fixed' | 'amount_typed'>
type SingleKind = SingleField['kind']

interface Typed {
  text: string
  /** The typed text of another field of the same list. */
  sibling: (id: string) => string
  context: CheckContext
}

/** By kind, so that the compiler sees that a field goes to the check of its own kind. */
type SingleFields = { [K in SingleKind]: FieldOf<K> }

const FIELD_CHECKS: { [K in SingleKind]: (field: SingleFields[K], typed: Typed) => FieldCheck } = {
  text: (field, { text }) => {
    const rule = FORMAT_RULES[field.format]
    const value = rule.normalize(text)
    if (value.length > field.maxLength) return no('tooLong', { max: field.maxLength })
    if (rule.accepts(value)) return yes(value, value, { is: 'text', value })
    const slip = field.format === 'fiscal_id' ? letterSlip(value) : undefined
    if (slip) return { ok: false, problem: { key: 'person.letter', values: slip } }
    return no(`format.${field.format}`)
  },
  number: (field, { text }) => {
    const pattern = new RegExp(field.decimals === 0 ? '^\\d{1,9}$' : `^\\d{1,9}(,\\d{1,${field.decimals}})?$`)
    const value = text.replace(/^0+(?=\d)/, '')
    const words = { min: field.min, max: field.max, decimals: field.decimals }
    const read = pattern.test(value) ? parseDecimal(value.replace(',', '.')) : undefined
    const fits = read && read.n >= BigInt(field.min) * read.d && read.n <= BigInt(field.max) * read.d
    if (!fits) return no(field.decimals === 0 ? 'notANumber' : 'notADecimal', words)
    return yes(value, value, { is: 'number', value: read })
  },
  money: (field, { text }) => amountCheck(text, field.max),
  date: (field, { text, context: { today } }) => {
    const day = parseTypedDay(text)
    if (day === undefined) return no('notADay')
    if (field.only === 'past' && day > today) return no('notPast')
    if (field.only === 'future' && day < today) return no('notFuture')
    const [from, to] = [field.from, field.to].map((days) =>
      days === undefined ? undefined : addDays(today, days),
    )
    if (from !== undefined && day < from) return no('tooEarly', { day: formatDay(from) })
    if (to !== undefined && day > to) return no('tooLate', { day: formatDay(to) })
    return yes(day, formatDay(day), { is: 'day', value: day })
  },
  choice: (field, { text }) => choiceCheck(field.options, text),
  dependent_choice: (field, { text, sibling }) => choiceCheck(optionsFor(field, sibling(field.on)), text),
  // Ignores what the browser sends, because the amount is that of the configuration.
  amount_fixed: ({ importo }) => amountOf(importo),
  amount_typed: (field, { text }) => amountCheck(text, field.max),
}

/** The options for the value of the earlier choice; none while that choice is empty. */
export const optionsFor = (field: FieldOf<'dependent_choice'>, leader: string): readonly ChoiceOption[] =>
  Object.hasOwn(field.options, leader) ? field.options[leader]! : []

function choiceCheck(options: readonly ChoiceOption[], text: string): FieldCheck {
  const option = options.find(({ value }) => value === text)
  if (!option) return no('notChosen')
  const worth = option.worth === undefined ? {} : { worth: parseDecimal(option.worth) }
  return yes(option.value, italianOf(option.label), {
    is: 'text',
    value: option.value,
    label: option.label,
    ...worth,
  })
}

function amountCheck(text: string, max: Cents): FieldCheck {
  const read = parseTypedImporto(text, max)
  return read.ok ? amountOf(read.importo) : no(`amount.${read.reason}`, { max: formatEuro(max) })
}

/** The check result of a valid amount. */
export function amountOf(importo: Cents): FieldCheck & { ok: true } {
  const shown = formatEuro(importo)
  return {
    ok: true,
    value: shown.replace(' €', ''),
    shown,
    importo,
    holds: { is: 'number', value: rational(BigInt(importo), 100n) },
  }
}

/** No honest value is longer. A longer one is refused before any regular expression runs on it. */
const LONGEST_TYPED = 1024

export function checkField(field: SingleField, typed: Typed): FieldCheck {
  if (typed.text.length > LONGEST_TYPED) return no('tooLong', { max: LONGEST_TYPED })
  const text = typed.text.trim()
  if (text === '' && field.kind !== 'amount_fixed') return isRequired(field) ? no('missing') : emptyOf(field)
  return checkOfKind(field.kind, field, { ...typed, text })
}

const checkOfKind = <K extends SingleKind>(kind: K, field: SingleFields[K], typed: Typed): FieldCheck =>
  FIELD_CHECKS[kind](field, typed)

export function isRequired(field: Field): boolean {
  return 'required' in field ? field.required : true
}

/** The result for an empty optional field: a number counts as 0, a text or choice as '', and a date has no value. */
function emptyOf(field: SingleField): FieldCheck {
  const isNumber = field.kind === 'number' || field.kind === 'money'
  const isChoice = field.kind === 'choice' || field.kind === 'dependent_choice' || field.kind === 'text'
  if (isNumber) return yes('', '', { is: 'number', value: rational(0n, 1n) })
  return isChoice ? yes('', '', { is: 'text', value: '' }) : { ok: true, value: '', shown: '' }
}

const yes = (value: string, shown: string, holds: Value): FieldCheck => ({ ok: true, value, shown, holds })
const no = (key: string, values: FormProblem['values'] = {}): FieldCheck => ({
  ok: false,
  problem: { key: `form.problem.${key}`, values },
})
