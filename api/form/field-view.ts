import type { Typed } from './read-request.ts'

/** What templates/partials/field.hbs shows; absent values are `null`. */
export interface FieldView {
  id: string
  label: string
  required: boolean
  help: string | null
  error: string | null
  value: string
  type: 'text' | 'email' | 'date'
  inputMode: 'numeric' | 'decimal' | 'email' | null
  autocomplete: string | null
  maxLength: number
  describedBy: string | null
  options: { value: string; label: string; selected: boolean }[] | null
  /** The text of the empty option of a choice; null: the page shows its usual invitation to choose. */
  blank: string | null
  /** The value of a field that the browser cannot change; it is shown instead of an input. */
  fixed: string | null
  /** True when `fixed` is a remark and no value, so that it is not written large. */
  isNote: boolean
  /** True for the one field where a person goes on typing. */
  focus: boolean
}

export type { Typed }

/** What is wrong with a form: sentences for people, by the id of the field. */
export type Problems = Readonly<Record<string, string>>

/** A form as somebody sent it, and what is wrong with it. */
export interface Sent {
  typed: Typed
  problems: Problems
}

export const NOT_SENT: Sent = { typed: {}, problems: {} }

/** One option of a choice. `fieldView` marks the chosen one. */
export interface Option {
  value: string
  label: string
}

/** A field before it is filled in; BLANK has the defaults of what is left out. */
export type FieldInput = Pick<FieldView, 'id' | 'label'> &
  Partial<Omit<FieldView, 'options'>> & { options?: readonly Option[] | null }

const BLANK = {
  required: true,
  type: 'text',
  inputMode: null,
  autocomplete: null,
  maxLength: 200,
  options: null,
  blank: null,
  fixed: null,
  isNote: false,
  focus: false,
} as const

/** One field with the value that the person typed and the problem of that value. */
export function fieldView(field: FieldInput, typed: Typed, problems: Problems): FieldView {
  const error = Object.hasOwn(problems, field.id) ? problems[field.id]! : null
  const help = field.help ?? null
  const described = [help === null ? '' : `${field.id}-aiuto`, error === null ? '' : `${field.id}-errore`]
  const given = Object.hasOwn(typed, field.id) ? typed[field.id] : ''
  const value = typeof given === 'string' ? given : ''
  return {
    ...BLANK,
    ...field,
    value,
    help,
    error,
    describedBy: described.filter((id) => id !== '').join(' ') || null,
    options: field.options?.map((option) => ({ ...option, selected: option.value === value })) ?? null,
  }
}

/**
 * The HTTP status of a page with a form: 429 when a limit is reached, 422 when fields are wrong, otherwise 200.
 * @param problem the sentence about the limit; null when no limit is reached
 */
export function statusOf(problems: Problems, problem: string | null = null): number {
  if (problem !== null) return 429
  return Object.keys(problems).length > 0 ? 422 : 200
}

/** Values for the partial error-summary, in the order of `problems`. */
export function summaryView(problems: Problems): {
  hasProblems: boolean
  problems: { href: string; text: string }[]
} {
  const list = Object.entries(problems).map(([id, text]) => ({ href: `#${id}`, text }))
  return { hasProblems: list.length > 0, problems: list }
}
