import type { Texts } from '../../templates/language.ts'
import { fieldView, statusOf, summaryView, type FieldInput, type Typed } from '../form/field-view.ts'
import { readFilters, type Filters, type ReadFilters, type Values } from './filters.ts'

/** A list with a search in its address and pages by keyset. Every list of the product is one. */
export interface List<S extends Filters, Row> {
  t: Texts
  /** The address of the list, without its search. */
  href: string
  query: Typed
  filters: S
  /** Pairs of fields of which the first must not be after the second. */
  spans?: readonly (readonly [keyof S & string, keyof S & string])[]
  /** The fields of the search, in their order; what was typed is filled in. */
  fields: readonly Omit<FieldInput, 'required'>[]
  /** What the address keeps beside the search, as hidden fields. */
  kept?: Readonly<Record<string, string>>
  /** Rows of a page. */
  size: number
  /** Values of fields that are left blank, shown in the form. */
  usual?: Readonly<Record<string, string>>
  /** Asks for one row more than the page has, to know whether there is a next page. `after` is the place of the last row before. */
  find(values: Values<S>, page: { after: string | undefined; limit: number }): Promise<readonly Row[]>
  /** The place of a row in the list, for the address of the next page. */
  placeOf(row: Row): string
  /** The sentence of a search that finds nothing. */
  none: string
  /** The sentence of a list that has nothing to find yet; without it, `none`. */
  empty?: string
}

/** What templates/partials/list.hbs shows around the table of a page. */
export interface ListView {
  filters: ReturnType<typeof fieldView>[]
  kept: { name: string; value: string }[]
  clearHref: string
  /** The search is open because something is typed into it. */
  isOpen: boolean
  hasRows: boolean
  none: string
  next: string | null
}

export interface ListPage<S extends Filters, Row> {
  rows: readonly Row[]
  search: ReadFilters<S>
  /** For the page: `list`, and the summary of what cannot be read. */
  view: { list: ListView } & ReturnType<typeof summaryView>
  status: number
}

/** Reads the search, finds one page of rows, and prepares what is shown around them. Without a readable search nothing is looked for. */
export async function listPage<S extends Filters, Row>(list: List<S, Row>): Promise<ListPage<S, Row>> {
  const { t, query, href, size } = list
  const search = readFilters(list.filters, query, { t, ...(list.spans ? { spans: list.spans } : {}) })
  const isReadable = Object.keys(search.problems).length === 0
  const found = isReadable ? await list.find(search.values, { after: afterOf(query), limit: size + 1 }) : []
  const rows = found.slice(0, size)
  const last = found.length > size ? rows.at(-1) : undefined
  const kept = Object.entries(list.kept ?? {}).map(([name, value]) => ({ name, value }))
  const typed = { ...list.usual, ...filledIn(search.typed) }
  return {
    rows,
    search,
    view: {
      list: {
        filters: list.fields.map((field) => fieldView({ ...field, required: false }, typed, search.problems)),
        kept,
        clearHref: withQuery(href, list.kept ?? {}),
        isOpen: search.isFiltered,
        hasRows: rows.length > 0,
        none: noneOf(list, search),
        next: last === undefined ? null : withQuery(href, { ...textsIn(query), dopo: list.placeOf(last) }),
      },
      ...summaryView(search.problems),
    },
    status: statusOf(search.problems),
  }
}

function noneOf(
  { t, none, empty = none }: { t: Texts; none: string; empty?: string },
  search: Pick<ReadFilters<Filters>, 'problems' | 'isFiltered'>,
): string {
  if (Object.keys(search.problems).length > 0) return t('list.notSearched')
  return search.isFiltered ? none : empty
}

const filledIn = (typed: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(typed).filter(([, text]) => text !== ''))

/** Where the page before ended. A place that cannot be read is the start of the list. */
const afterOf = ({ dopo }: Typed): string | undefined => (typeof dopo === 'string' ? dopo : undefined)

const textsIn = (query: Typed): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  )

function withQuery(href: string, query: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(query).toString()
  return search === '' ? href : `${href}?${search}`
}
