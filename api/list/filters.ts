import { isCountableDay } from '../../domain/calendar.ts'
import { MAX_IMPORTO, parseTypedImporto } from '../../domain/money.ts'
import type { Texts } from '../../templates/language.ts'
import type { Problems, Typed } from '../form/field-view.ts'

/** Why the text of a filter cannot be read. Each has a sentence under `problem` in list.json. */
type Unreadable = 'long' | 'unseen' | 'day' | 'choice' | 'amount' | 'number' | 'twice' | 'order'

/** Reads the text of one field of a search. It is not called for a blank field, because a blank field does not filter. */
export interface Filter<T> {
  read(text: string): { value: T } | { problem: Unreadable }
}

export type Filters = Readonly<Record<string, Filter<unknown>>>

/** The value of each field of a search; undefined for a field that does not filter or cannot be read. */
export type Values<S extends Filters> = {
  [K in keyof S]: (S[K] extends Filter<infer T> ? T : never) | undefined
}

/** A text of at most `max` characters. NUL is refused, because no text column of the database can hold it. */
export const word = (max: number): Filter<string> => ({
  read: (text) =>
    text.length > max ? { problem: 'long' } : text.includes('\0') ? { problem: 'unseen' } : { value: text },
})

/** A day such as "2026-03-31" that the database can compare. */
export const day: Filter<string> = {
  read: (text) => (isCountableDay(text) ? { value: text } : { problem: 'day' }),
}

export const oneOf = <T extends string>(values: readonly T[]): Filter<T> => ({
  read(text) {
    const value = values.find((one) => one === text)
    return value === undefined ? { problem: 'choice' } : { value }
  },
})

/** An amount as people type it, such as "24,50". Its value is in cents. */
export const amount: Filter<number> = {
  read(text) {
    const typed = parseTypedImporto(text, MAX_IMPORTO)
    return typed.ok ? { value: typed.importo } : { problem: 'amount' }
  },
}

/** A number by which people name something, such as "1002" or "n. 1002". */
export const number: Filter<number> = {
  read(text) {
    const [, digits] = /^(?:n\.?\s*)?(\d{1,9})$/i.exec(text) ?? []
    return digits === undefined ? { problem: 'number' } : { value: Number(digits) }
  },
}

export interface ReadFilters<S extends Filters> {
  values: Values<S>
  /** The texts of the address, trimmed, so that the form shows them again; '' for a field that is missing or was sent twice. */
  typed: Record<string, string>
  problems: Problems
}

/**
 * Reads the filters of a list from the address. A filter that cannot be read becomes a problem of its field and is never ignored, because
 * people would take the unfiltered list for the answer to their search.
 * @param spans pairs of fields of which the first must not be after the second
 */
export function readFilters<S extends Filters>(
  filters: S,
  query: Typed,
  { t, spans = [] }: { t: Texts; spans?: readonly (readonly [keyof S & string, keyof S & string])[] },
): ReadFilters<S> {
  const typed: Record<string, string> = {}
  const values: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const [id, filter] of Object.entries(filters)) {
    const given = query[id]
    typed[id] = typeof given === 'string' ? given.trim() : ''
    const found =
      given === undefined || given === ''
        ? { value: undefined }
        : typeof given === 'string'
          ? readOne(filter, typed[id])
          : { problem: 'twice' as const }
    if ('problem' in found) problems[id] = t(`list.problem.${found.problem}`)
    else values[id] = found.value
  }
  for (const [from, to] of spans)
    if (isAfter(values[from], values[to])) problems[to] = t('list.problem.order')
  // The compiler cannot follow that each value comes from the filter of the same name.
  return { values: values as Values<S>, typed, problems }
}

const readOne = (filter: Filter<unknown>, text: string): { value: unknown } | { problem: Unreadable } =>
  text === '' ? { value: undefined } : filter.read(text)

const isAfter = (from: unknown, to: unknown): boolean =>
  (typeof from === 'string' && typeof to === 'string' && from > to) ||
  (typeof from === 'number' && typeof to === 'number' && from > to)
