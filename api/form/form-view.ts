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
import { fieldView, type FieldInput, type FieldView, type Option, type Problems } from './field-view.ts'
import { isLeaderMissing, leaderLabel, problemText } from './form-problems.ts'
import type { Typed } from './read-request.ts'

/** A repeating list of fields, as templates/partials/field-rows.hbs shows it. */
export interface RowsView {
  id: string
  legend: string
  help: string | null
  count: number
  rows: { legend: string; fields: FieldView[]; remove: { value: string; text: string } | null }[]
  add: { value: string; text: string } | null
}

export interface FormView {
  /** Either `single` or `rows` is set; the other is null. */
  fields: { single: FieldView | null; rows: RowsView | null }[]
  /** The page needs the button "Aggiorna", because the server fills in the options of a dependent choice. */
  hasUpdate: boolean
  /** The page needs the button that computes the amount. */
  hasComputed: boolean
}

export interface FormShown {
  definition: FormDefinition
  language: Language
  typed: Typed
  problems: Problems
  context: CheckContext
  /** The button that brings the page up to date, where it is not one of the citizens' page. */
  button?: string | undefined
  /** Set where nothing can be filled in: what is said instead of which button to press. */
  still?: { amount: string; dependsOn: (label: string) => string } | undefined
}

/** The fields of a due type's form, with what the person typed so far. */
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
    add:
      count < field.max && shown.still === undefined
        ? { value: `aggiungi:${field.id}`, text: t('form.addRow', { label }) }
        : null,
  }
}

type Single = Exclude<Field, FieldOf<'rows'>>

const options = (list: readonly { value: string; label: Field['label'] }[], language: Language): Option[] =>
  list.map(({ value, label }) => ({ value, label: wordsOf(label, language) }))

/** How each kind of field looks on the page. */
function lookOf(field: Single, shown: FormShown, prefix: string): Partial<FieldInput> {
  const { language, typed } = shown
  switch (field.kind) {
    case 'text':
      return { maxLength: field.maxLength }
    case 'number':
      return { inputMode: field.decimals === 0 ? 'numeric' : 'decimal', maxLength: 13 }
    case 'money':
    case 'amount_typed':
      return { inputMode: 'decimal', maxLength: 20 }
    case 'date':
      return { maxLength: 10 }
    case 'choice':
      return { options: options(field.options, language) }
    case 'dependent_choice':
      return { options: options(optionsFor(field, textOf(typed, prefix + field.on)), language) }
    case 'amount_fixed':
      return { fixed: formatEuro(field.importo), isNote: shown.still !== undefined }
    case 'amount_computed':
      return computedLook(shown)
  }
}

/** Help texts for fields whose definition has none. */
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
  const input: FieldInput = {
    id: prefix + field.id,
    label: wordsOf(field.label, language),
    required: isRequired(field),
    ...lookOf(field, shown, prefix),
    help: helpOf(field, shown, prefix, siblings),
  }
  return fieldView(input, typed, problems)
}

function helpOf(
  field: Single,
  { language, typed, button, still }: FormShown,
  prefix: string,
  siblings: readonly Field[],
): string | null {
  const t = textsOf(language)
  if (field.kind === 'dependent_choice' && isLeaderMissing(field, typed, prefix)) {
    const label = leaderLabel(field, siblings, language)
    return still?.dependsOn(label) ?? t('form.chooseFirst', { label, button: button ?? t('form.update') })
  }
  if (field.help !== undefined) return wordsOf(field.help, language)
  const ours = HELPS[field.kind]
  return ours === undefined ? null : t(ours)
}

/** The amount that the server computes from what the person typed so far, or why it cannot be computed yet. */
function computedLook(shown: FormShown): Pick<FieldInput, 'fixed' | 'isNote'> {
  const { definition, typed, context, language, button, still } = shown
  const t = textsOf(language)
  const check = checkForm(definition, typed, context)
  if (check.ok) return { fixed: formatEuro(check.importo) }
  const problem = Object.values(check.problems).find(({ words }) => words !== undefined)
  const fixed = problem
    ? problemText(t, language, { ...problem, key: 'form.priceMissing' })
    : (still?.amount ?? t('form.notYet', { button: button ?? t('form.compute') }))
  return { fixed, isNote: true }
}

/** What a button of the form does besides sending it; undefined: the button sends the form. */
export type FormAction = 'update' | 'compute' | undefined

/** Reads which button the person pressed. A button that adds or removes a row changes `typed` accordingly. */
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

/** Removes one row; the rows after it move up by one. */
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
