import { isIban, normalizeIban } from '../../domain/iban.ts'
import { emailAddress } from '../../domain/person.ts'
import { isPlainText } from '../../domain/text.ts'
import { t } from '../../templates/language.ts'
import { fieldView, type FieldView, type Problems, type Typed } from '../form/field-view.ts'

/** A field of a form of configuration: its column, who may change it, and which values it may have. */
export interface ConfigField {
  column: string
  label: string
  help?: string
  /** True when only administrators of the region may change it. Others see its value. */
  isPlatform?: boolean
  required?: boolean
  max?: number
  options?: readonly { value: string; label: string }[]
  /** A value that the list in the column may contain. The field is a choice between yes and no. */
  member?: string
  /** Turns the typed text into the text that is checked and stored. */
  clean?: (text: string) => string
  /** The sentence about what is wrong with the text; undefined when nothing is. */
  check?: (text: string) => string | undefined
  isFlag?: boolean
  isNumber?: boolean
}

const YES_NO = [
  { value: 'true', label: t('config.option.true') },
  { value: 'false', label: t('config.option.false') },
]

export const ibanField = {
  clean: (text: string) => normalizeIban(text),
  check: (text: string) => (isIban(text) ? undefined : t('config.problem.iban')),
  max: 40,
}
export const emailField = {
  check: (text: string) => (emailAddress.safeParse(text).success ? undefined : t('config.problem.email')),
  max: 256,
}
export const matching = (pattern: RegExp, problem: string) => ({
  check: (text: string) => (pattern.test(text) ? undefined : problem),
})

/** The name of the input. It contains the member, because several fields may belong to one column with a list. */
export const idOf = ({ column, member }: ConfigField): string =>
  member === undefined ? column : `${column}.${member}`

type Row = Readonly<Record<string, unknown>>

/** The values in a column with a list; none when the row does not exist yet. */
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The values of a form that shows a row. */
export function typedOfRow(fields: readonly ConfigField[], row: Row): Typed {
  return Object.fromEntries(fields.map((field) => [idOf(field), textOf(field, row[field.column])]))
}

function textOf({ member, isFlag }: ConfigField, value: unknown): string {
  if (member !== undefined) return String(listOf(value).includes(member))
  if (isFlag) return String(value === true)
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The value of a field as pages show it to readers. */
export function shownOf(field: ConfigField, value: unknown): string {
  const text = textOf(field, value)
  const options = field.member !== undefined || field.isFlag ? YES_NO : field.options
  return options?.find((option) => option.value === text)?.label ?? (text || '–')
}

export function configFields(
  fields: readonly ConfigField[],
  { typed, problems, isPlatform }: { typed: Typed; problems: Problems; isPlatform: boolean },
): FieldView[] {
  return fields.map((field) => {
    const id = idOf(field)
    const options = field.member !== undefined || field.isFlag ? YES_NO : field.options
    const given = typed[id]
    const value = typeof given === 'string' ? given : ''
    const isFixed = field.isPlatform === true && !isPlatform
    return fieldView(
      {
        id,
        label: field.label,
        help: field.help ?? null,
        required: field.required ?? (field.member !== undefined || field.isFlag === true),
        maxLength: field.max ?? 100,
        options: options ?? null,
        fixed: isFixed ? (options?.find((option) => option.value === value)?.label ?? (value || '–')) : null,
      },
      typed,
      problems,
    )
  })
}

/** Reads the columns that a form changes and this administrator may write, and what is wrong with each field. */
export function readConfig(
  fields: readonly ConfigField[],
  { body, row, isPlatform }: { body: Typed; row: Row; isPlatform: boolean },
): { values: Record<string, unknown>; problems: Problems } {
  const values: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const field of fields) {
    if (field.isPlatform === true && !isPlatform) continue
    const id = idOf(field)
    const given = body[id]
    // A field that the form lacks keeps its value, unless it is required and the row does not exist yet.
    const isLeft = !(field.required === true && row[field.column] === undefined)
    if (typeof given !== 'string' && isLeft) continue
    const typed = typeof given === 'string' ? given.trim() : ''
    const text = field.clean ? field.clean(typed) : typed
    const problem = problemOf(field, text)
    if (problem !== undefined) problems[id] = problem
    else values[field.column] = valueOf(field, text, values[field.column] ?? row[field.column])
  }
  return { values, problems }
}

function problemOf(field: ConfigField, text: string): string | undefined {
  const { label, max = 100 } = field
  if (text === '') return field.required === true ? t('config.problem.missing', { label }) : undefined
  if (text.length > max) return t('config.problem.tooLong', { label, max })
  if (!isPlainText(text)) return t('staff.unseen')
  const options = field.member !== undefined || field.isFlag ? YES_NO : field.options
  if (options && !options.some(({ value }) => value === text)) return t('config.problem.choice', { label })
  return field.check?.(text)
}

function valueOf({ member, isFlag, isNumber }: ConfigField, text: string, before: unknown): unknown {
  if (isFlag) return text === 'true'
  if (isNumber) return Number(text)
  if (member === undefined) return text === '' ? null : text
  const held = listOf(before)
  if (held.includes(member) === (text === 'true')) return held
  return text === 'true'
    ? [...held, member].sort((one, other) => String(one).localeCompare(String(other)))
    : held.filter((one) => one !== member)
}
