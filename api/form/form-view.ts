import { checkForm, rowCount, textOf } from '../../domain/form/check.ts'
import {
  wordsOf,
  type Field,
  type FieldKind,
  type FieldOf,
  type FormDefinition,
} from '../../domain/form/fields.ts'
import { isRequired, optionsFor, type CheckContext } from '../../domain/form/field-checks.ts'
import { formatEuro } from '../../domain/money.ts'
import { textsOf, type Language } from '../../templates/language.ts'
import {
  fieldView,
  type FieldInput,
  type FieldView,
  type Option,
  type Problems,
  type Typed,
} from './field-view.ts'
import { isLeaderMissing, leaderLabel } from './form-problems.ts'

/** A list that repeats: templates/partials/field-rows.hbs. */
export interface RowsView {
  id: string
  legend: string
  help: string | null
  count: number
  rows: { legend: string; fields: FieldView[]; remove: { value: string; text: string } | null }[]
  add: { value: string; text: string } | null
}

export interface FormView {
  /** `single` or `rows`, one of them null. */
  fields: { single: FieldView | null; rows: RowsView | null }[]
  /** Some of its fields need the server before the form can be sent. */
  hasUpdate: boolean
  hasComputed: boolean
}

export interface FormShown {
  definition: FormDefinition
  language: Language
  typed: Typed
  problems: Problems
  context: CheckContext
}

/** Everything the page shows of a type's form. */
export function formView(shown: FormShown): FormView {
  const { fields } = shown.definition
  return {
    fields: fields.map((field) =>
      field.kind === 'rows'
        ? { single: null, rows: rowsView(field, shown) }
        : { single: singleView(field, shown, ''), rows: null },
    ),
    hasUpdate: fields.some(
      (field) =>
        field.kind === 'dependent_choice' ||
        (field.kind === 'rows' && field.fields.some(({ kind }) => kind === 'dependent_choice')),
    ),
    hasComputed: fields.some(({ kind }) => kind === 'amount_computed'),
  }
}

function rowsView(field: FieldOf<'rows'>, shown: FormShown): RowsView {
  const t = textsOf(shown.language)
  const label = wordsOf(field.label, shown.language)
  const count = rowCount(field, shown.typed)
  return {
    id: field.id,
    legend: label,
    help: field.help === undefined ? null : wordsOf(field.help, shown.language),
    count,
    rows: Array.from({ length: count }, (_, index) => ({
      legend: `${label} ${index + 1}`,
      fields: field.fields.map((inner) => singleView(inner, shown, `${field.id}.${index}.`, field.fields)),
      remove:
        count > field.min
          ? { value: `togli:${field.id}:${index}`, text: t('form.removeRow', { label, n: index + 1 }) }
          : null,
    })),
    add: count < field.max ? { value: `aggiungi:${field.id}`, text: t('form.addRow', { label }) } : null,
  }
}

type Single = Exclude<Field, FieldOf<'rows'>>
type Look<K extends FieldKind> = (field: FieldOf<K>, shown: FormShown, prefix: string) => Partial<FieldInput>

const options = (list: readonly { value: string; label: Field['label'] }[], language: Language): Option[] =>
  list.map(({ value, label }) => ({ value, label: wordsOf(label, language) }))

const LOOKS: { [K in Single['kind']]: Look<K> } = {
  text: ({ maxLength }) => ({ maxLength }),
  number: ({ decimals }) => ({ inputMode: decimals === 0 ? 'numeric' : 'decimal', maxLength: 13 }),
  money: () => ({ inputMode: 'decimal', maxLength: 20 }),
  date: () => ({ maxLength: 10 }),
  choice: (field, { language }) => ({ options: options(field.options, language) }),
  dependent_choice: (field, { language, typed }, prefix) => ({
    options: options(optionsFor(field, textOf(typed, prefix + field.on)), language),
  }),
  amount_fixed: ({ importo }) => ({ fixed: formatEuro(importo) }),
  amount_typed: () => ({ inputMode: 'decimal', maxLength: 20 }),
  amount_computed: (_, shown) => ({ fixed: computedText(shown) }),
}

/** Said when the configuration of the type says nothing. */
const HELPS: Partial<Record<FieldKind, string>> = {
  date: 'form.dateHelp',
  money: 'form.amountHelp',
  amount_typed: 'form.amountHelp',
}

function singleView(
  field: Single,
  shown: FormShown,
  prefix: string,
  siblings: readonly Field[] = shown.definition.fields,
): FieldView {
  const { language, typed, problems } = shown
  const look = (LOOKS[field.kind] as Look<Single['kind']>)(field as never, shown, prefix)
  const input: FieldInput = {
    id: prefix + field.id,
    label: wordsOf(field.label, language),
    required: isRequired(field),
    ...look,
    help: helpOf(field, shown, prefix, siblings),
  }
  return fieldView(input, typed, problems)
}

function helpOf(
  field: Single,
  { language, typed }: FormShown,
  prefix: string,
  siblings: readonly Field[],
): string | null {
  const t = textsOf(language)
  if (field.kind === 'dependent_choice' && isLeaderMissing(field, typed, prefix))
    return t('form.chooseFirst', { label: leaderLabel(field, siblings, language) })
  if (field.help !== undefined) return wordsOf(field.help, language)
  const ours = HELPS[field.kind]
  return ours === undefined ? null : t(ours)
}

/** What the server works out of what is typed so far. */
function computedText({ definition, typed, context, language }: FormShown): string {
  const check = checkForm(definition, typed, context)
  return check.ok ? formatEuro(check.importo) : textsOf(language)('form.notYet')
}

/** What a button of the form asks the server besides sending it; undefined: it is sent. */
export type FormAction = 'update' | 'compute' | undefined

/** Applies a button of the page to what was typed: a row more, a row less. */
export function applyAction(definition: FormDefinition, typed: Typed): { typed: Typed; action: FormAction } {
  const [verb, id, index] = textOf(typed, 'azione').split(':')
  if (verb === 'calcola') return { typed, action: 'compute' }
  if (verb === 'aggiorna') return { typed, action: 'update' }
  const rows = definition.fields.find((field) => field.kind === 'rows' && field.id === id)
  if (rows?.kind !== 'rows') return { typed, action: undefined }
  const count = rowCount(rows, typed)
  if (verb === 'aggiungi') return { typed: { ...typed, [rows.id]: String(count + 1) }, action: 'update' }
  if (verb === 'togli') return { typed: withoutRow(rows, typed, Number(index)), action: 'update' }
  return { typed, action: undefined }
}

/** The rows after the one that goes move up. */
function withoutRow(rows: FieldOf<'rows'>, typed: Typed, gone: number): Typed {
  const count = rowCount(rows, typed)
  const moved = rows.fields.flatMap(({ id }) =>
    Array.from({ length: count }, (_, index): [string, string] => [
      `${rows.id}.${index}.${id}`,
      textOf(typed, `${rows.id}.${index >= gone ? index + 1 : index}.${id}`),
    ]),
  )
  return { ...typed, ...Object.fromEntries(moved), [rows.id]: String(count - 1) }
}
