import { formatDay, parseTypedDay } from '../calendar.ts'
import { type Cents, formatEuro, parseTypedImporto } from '../money.ts'
import type { Field, FieldKind, FieldOf } from './definition.ts'
import * as messages from './messages.ts'
import { FORMAT_RULES } from './text-formats.ts'

/**
 * `value` is what is kept and shown again in the field; checking it once more gives the same answer.
 * `shown` is how the causale says it.
 */
export type FieldCheck =
  { ok: true; value: string; shown: string; importo?: Cents } | { ok: false; problem: string }

export interface CheckContext {
  /** Today in Rome, 'YYYY-MM-DD'. */
  today: string
}

type Check<K extends FieldKind> = (field: FieldOf<K>, typed: string, context: CheckContext) => FieldCheck

const FIELD_CHECKS: { [K in FieldKind]: Check<K> } = {
  text: (field, typed) => {
    const rule = FORMAT_RULES[field.format]
    const value = rule.normalize(typed)
    if (value.length > field.maxLength) return no(messages.tooLong(field.label, field.maxLength))
    return rule.accepts(value) ? yes(value) : no(`${field.label}: ${rule.hint}`)
  },
  number: (field, typed) => {
    const value = typed.replace(/^0+(?=\d)/, '')
    const fits = /^\d{1,9}$/.test(value) && Number(value) >= field.min && Number(value) <= field.max
    return fits ? yes(value) : no(messages.notANumber(field.label, field.min, field.max))
  },
  date: (field, typed, { today }) => {
    const day = parseTypedDay(typed)
    if (day === undefined) return no(messages.notADay(field.label))
    if (field.only === 'past' && day > today) return no(messages.notPast(field.label))
    if (field.only === 'future' && day < today) return no(messages.notFuture(field.label))
    return yes(day, formatDay(day))
  },
  choice: (field, typed) => {
    const option = field.options.find(({ value }) => value === typed)
    return option ? yes(option.value, option.label) : no(messages.notChosen(field.label))
  },
  // Whatever the browser sends for it is ignored: the amount is the one of the configuration.
  amount_fixed: (field) => ({
    ...yes(typedForm(field.importo), formatEuro(field.importo)),
    importo: field.importo,
  }),
  amount_typed: (field, typed) => {
    const read = parseTypedImporto(typed, field.max)
    if (!read.ok) return no(messages.importoProblem(field.label, read.reason, field.max))
    return { ...yes(typedForm(read.importo), formatEuro(read.importo)), importo: read.importo }
  },
}

/** A typed text longer than this is no honest value of any field; it is refused before any pattern sees it. */
const LONGEST_TYPED = 1024

export function checkField(field: Field, typed: string, context: CheckContext): FieldCheck {
  if (typed.length > LONGEST_TYPED) return no(messages.tooLong(field.label, LONGEST_TYPED))
  const text = typed.trim()
  if (text === '' && field.kind !== 'amount_fixed') {
    return isRequired(field) ? no(messages.missing(field.label)) : yes('')
  }
  return (FIELD_CHECKS[field.kind] as Check<FieldKind>)(field, text, context)
}

export function isRequired(field: Field): boolean {
  return 'required' in field ? field.required : true
}

const yes = (value: string, shown = value) => ({ ok: true as const, value, shown })
const no = (problem: string): FieldCheck => ({ ok: false, problem })
const typedForm = (importo: Cents) => formatEuro(importo).replace(' €', '')
