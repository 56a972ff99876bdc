import type { Turn } from '../../db/ground/turn.ts'
import { formatDay } from '../../domain/calendar.ts'
import { wholeNumber } from '../../templates/format.ts'
import type { Texts } from '../../templates/language.ts'
import { fieldView, statusOf, summaryView, type FieldInput, type Problems } from '../form/field-view.ts'
import { findPage, withoutPlace, withQuery, type Paged, type Pages } from './pages.ts'
import { readFilters, type Filters, type ReadFilters, type Values } from './filters.ts'

/** A list whose address contains the search and the place where the page begins. Every list with a search is one. */
export interface List<S extends Filters, Row, Place> extends Omit<Paged<Row, Place>, 'find'> {
  t: Texts
  filters: S
  /** Pairs of fields of which the first must not be after the second. */
  spans?: readonly (readonly [keyof S & string, keyof S & string])[]
  /** The fields of the search, in the order of the page. `listPage` fills in what was typed. */
  fields: readonly Omit<FieldInput, 'required'>[]
  /** Fields of the search that stay in sight above the folded ones. */
  top?: readonly Omit<FieldInput, 'required'>[]
  /** Reads the text of a field as several filters, each with a chip of its own; nothing when it is one. */
  split?: Readonly<Record<string, (text: string) => readonly ChipPart[]>>
  /** The fields that choose how the list is shown, such as its order: they do not filter. */
  settings?: readonly (keyof S & string)[]
  /** Other parameters of the address, which the search form keeps in hidden fields. */
  kept?: Readonly<Record<string, string>>
  /** The values that the form shows in blank fields. */
  usual?: Readonly<Record<string, string>>
  find(values: Values<S>, turn: Turn<Place>): Promise<readonly Row[]>
  /** The sentence for a search that finds nothing. */
  none: string
  /** The sentence for a list without rows when nothing is searched; `none` by default. */
  empty?: string
}

/** A filter that is active, with the address of the list without it. */
export interface FilterChip {
  label: string
  value: string
  href: string
}

/** A part of the text of a field. */
export interface ChipPart {
  /** The label of the field by default. */
  label?: string
  value: string
  /** The text of the field without this part. */
  others: string
}

/** The values of templates/partials/list.hbs, which shows the search and the links to other pages around the table. */
export interface ListView {
  /** The path of the list where a page of another address shows it; null where the page is the list. */
  action: string | null
  top: ReturnType<typeof fieldView>[] | null
  filters: ReturnType<typeof fieldView>[]
  kept: { name: string; value: string }[]
  clearHref: string
  /** True when a folded field of the search is filled in, so that the page shows the search open. */
  isOpen: boolean
  isSearched: boolean
  chips: FilterChip[]
  hasRows: boolean
  none: string
  pages: (Pages & { shown: string | null }) | null
}

export interface ListPage<S extends Filters, Row> {
  rows: readonly Row[]
  search: ReadFilters<S>
  /** Values for the page: `list`, and the summary of the fields that cannot be read. */
  view: { list: ListView } & ReturnType<typeof summaryView>
  status: number
}

/**
 * Reads the search, finds one page of rows, and prepares the values that are shown around them. When a field of the search cannot be read,
 * nothing is looked for.
 */
export async function listPage<S extends Filters, Row, Place>(
  list: List<S, Row, Place>,
): Promise<ListPage<S, Row>> {
  const { t, query, href, settings = [] } = list
  const search = readFilters(list.filters, query, { t, ...(list.spans ? { spans: list.spans } : {}) })
  const isReadable = Object.keys(search.problems).length === 0
  const { rows, pages } = isReadable
    ? await findPage({ ...list, find: (turn) => list.find(search.values, turn) })
    : NO_ROWS
  const kept = Object.entries(list.kept ?? {}).map(([name, value]) => ({ name, value }))
  const typed = { ...list.usual, ...filledIn(search.typed) }
  const isFilled = ({ id }: { id: string }): boolean => Boolean(search.typed[id])
  const isSearched = Object.keys(filledIn(search.typed)).some((id) => !settings.includes(id))
  const view = (field: Omit<FieldInput, 'required'>) =>
    fieldView({ ...field, required: false }, typed, search.problems)
  return {
    rows,
    search,
    view: {
      list: {
        action: null,
        top: list.top?.map(view) ?? null,
        filters: list.fields.map(view),
        kept,
        clearHref: withQuery(href, list.kept ?? {}),
        isOpen: list.fields.some(isFilled),
        isSearched,
        chips: chipsOf(list, search),
        hasRows: rows.length > 0,
        none: noneOf(list, { ...search, isSearched }),
        pages: pages && { ...pages, shown: rangeText(t, pages, undefined) },
      },
      ...summaryView(search.problems),
    },
    status: statusOf(search.problems),
  }
}

/**
 * Which rows of the list a page shows: "1–25 di 30".
 * @param total how many there are, where the page knows it; on the last page it is known anyway
 */
export function rangeText(t: Texts, { range, next }: Pages, total: number | undefined): string | null {
  if (!range) return null
  const of = total ?? (next === null ? range.to : undefined)
  const values = { from: wholeNumber(range.from), to: wholeNumber(range.to) }
  return of === undefined ? t('list.range', values) : t('list.rangeOf', { ...values, total: wholeNumber(of) })
}

const NO_ROWS = { rows: [], pages: null }

/** What `chipsOf` needs of a list. */
type Chipped<S extends Filters> = Pick<
  List<S, unknown, unknown>,
  't' | 'href' | 'query' | 'top' | 'fields' | 'settings' | 'split'
>

/** The active filters in the order of the page. */
export function chipsOf<S extends Filters>(
  { t, href, query, top = [], fields, settings = [], split = {} }: Chipped<S>,
  { typed, problems }: Pick<ReadFilters<S>, 'typed' | 'problems'>,
): FilterChip[] {
  const active = [...top, ...fields].filter(
    ({ id }) => typed[id] && !Object.hasOwn(problems, id) && !settings.includes(id),
  )
  return active.flatMap((field) => {
    const { [field.id]: _, ...others } = withoutPlace(query)
    const text = typed[field.id]!
    const parts = split[field.id]?.(text) ?? []
    return (parts.length > 0 ? parts : [{ value: shown(field, text), others: '' }]).map((part) => ({
      label: t('list.chip', { label: part.label ?? field.label }),
      value: part.value,
      href: withQuery(href, { ...others, ...(part.others === '' ? {} : { [field.id]: part.others }) }),
    }))
  })
}

/** A typed value in the words of its field. */
function shown({ type, options }: Omit<FieldInput, 'required'>, text: string): string {
  if (type === 'date') return formatDay(text)
  return options?.find(({ value }) => value === text)?.label ?? text
}

function noneOf(
  { t, none, empty = none }: { t: Texts; none: string; empty?: string },
  search: { problems: Problems; isSearched: boolean },
): string {
  if (Object.keys(search.problems).length > 0) return t('list.notSearched')
  return search.isSearched ? none : empty
}

/** The fields of a search that are filled in. */
export const filledIn = (typed: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(typed).filter(([, text]) => text !== ''))
