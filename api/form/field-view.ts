/** What templates/partials/field.hbs needs; absent values are `null`. */
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
  /** What no choice is called; without it, that one is to be made. */
  blank: string | null
  /** Shown instead of an input: the browser cannot change it. */
  fixed: string | null
}

export type Typed = Readonly<Record<string, unknown>>
export type Problems = Readonly<Record<string, string>>

/** One value of a choice; whether it is the one chosen is worked out of what was typed. */
export interface Option {
  value: string
  label: string
}

/** What is not said is as in BLANK. */
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
} as const

/** One field with what was typed and what is wrong with it. */
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

/** @param problem of who must wait */
export function statusOf(problems: Problems, problem: string | null = null): number {
  if (problem !== null) return 429
  return Object.keys(problems).length > 0 ? 422 : 200
}

/** Values for the partial error-summary, in the order of the page. */
export function summaryView(problems: Problems): {
  hasProblems: boolean
  problems: { href: string; text: string }[]
} {
  const list = Object.entries(problems).map(([id, text]) => ({ href: `#${id}`, text }))
  return { hasProblems: list.length > 0, problems: list }
}
