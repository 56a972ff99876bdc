import type { Texts } from '../../templates/language.ts'
import { fieldView, statusOf, summaryView, type FieldInput, type Typed } from '../form/field-view.ts'
import { readFilters, type Filters, type ReadFilters, type Values } from './filters.ts'

/** A list whose address contains the search and the place where the page begins (keyset paging). Every list with a search is one. */
export interface List<S extends Filters, Row> {
  t: Texts
  /** The path of the list, without its search. */
  href: string
  query: Typed
  filters: S
  /** Pairs of fields of which the first must not be after the second. */
  spans?: readonly (readonly [keyof S & string, keyof S & string])[]
  /** The fields of the search, in the order of the page. `listPage` fills in what was typed. */
  fields: readonly Omit<FieldInput, 'required'>[]
  /** Other parameters of the address, which the search form keeps in hidden fields. */
  kept?: Readonly<Record<string, string>>
  /** The number of rows on a page. */
  size: number
  /** The values that the form shows in blank fields. */
  usual?: Readonly<Record<string, string>>
  /**
   * Finds the rows of a page. `after` is the place of the last row of the page before. `limit` is one more than the page shows, because
   * the extra row shows whether there is a next page.
   */
  find(values: Values<S>, page: { after: string | undefined; limit: number }): Promise<readonly Row[]>
  /** The place of a row in the list, for the address of the next page. */
  placeOf(row: Row): string
  /** The sentence for a search that finds nothing. */
  none: string
  /** The sentence for a list without rows when nothing is searched; `none` by default. */
  empty?: string
}

/** The values of templates/partials/list.hbs, which shows the search and the link to the next page around the table. */
export interface ListView {
  filters: ReturnType<typeof fieldView>[]
  kept: { name: string; value: string }[]
  clearHref: string
  /** True when a field of the search is filled in, so that the page shows the search open. */
  isOpen: boolean
  hasRows: boolean
  none: string
  next: string | null
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

/** The place where the page before ended; undefined for the first page. A place that `find` cannot read gives the first page too. */
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
