import type { Turn } from '../../db/ground/turn.ts'
import type { Typed } from '../form/field-view.ts'

/** The addresses of the pages beside this one; null where there is none. */
export interface Pages {
  previous: string | null
  next: string | null
  /** Which rows of the list these are, from 1; null when the address does not say where the page begins. `to` is the last one of all when there is no next page. */
  range: { from: number; to: number } | null
}

/** A list whose address contains the place where the page begins or ends (keyset paging). */
export interface Paged<Row, Place> {
  /** The path of the list, without its search. */
  href: string
  query: Typed
  /** The number of rows on a page. */
  size: number
  /** Finds the rows of a page. `limit` is one more than the page shows, because the extra row shows whether there are more. */
  find(turn: Turn<Place>): Promise<readonly Row[]>
  /** The place of a row in the list, for the addresses of the pages beside this one. */
  placeOf(row: Row): string
  /** Reads what `placeOf` has written. Any other text is undefined and gives the first page. */
  readPlace(text: string | undefined): Place | undefined
}

/** The rows of the page of the address, and the pages beside it; null when there are none. */
export async function findPage<Row, Place>(
  list: Paged<Row, Place>,
): Promise<{ rows: readonly Row[]; pages: Pages | null }> {
  const { href, query, size } = list
  let turn = turnOf(list)
  let found = await list.find(turn)
  // Rows may have gone since the link was made. Then a page before the first full one is the first page, and no page is empty.
  if (turn.place !== undefined && found.length < (turn.isBack ? size : 1)) {
    turn = { place: undefined, isBack: false, limit: turn.limit }
    found = await list.find(turn)
  }
  const rows = turn.isBack ? found.slice(-size) : found.slice(0, size)
  const hasMore = found.length > size
  const first = turn.place === undefined ? 1 : readFirst(query)
  const to = first === undefined ? undefined : first + rows.length - 1
  const beside = (name: 'prima' | 'dopo', row: Row | undefined, from: number | undefined): string | null =>
    row === undefined
      ? null
      : withQuery(href, {
          ...withoutPlace(query),
          [name]: list.placeOf(row),
          ...(from === undefined ? {} : { riga: String(from) }),
        })
  const previous = (turn.isBack ? hasMore : turn.place !== undefined)
    ? beside('prima', rows[0], first === undefined ? undefined : Math.max(1, first - size))
    : null
  const next =
    turn.isBack || hasMore ? beside('dopo', rows.at(-1), to === undefined ? undefined : to + 1) : null
  const range = first === undefined || to === undefined ? null : { from: first, to }
  return { rows, pages: previous === null && next === null ? null : { previous, next, range } }
}

/** The number of the first row of the page, as the link to it says; it is only shown. */
function readFirst({ riga }: Typed): number | undefined {
  return typeof riga === 'string' && /^[1-9]\d{0,8}$/.test(riga) ? Number(riga) : undefined
}

/** The page of the address: `dopo` is the last row of the page before it, `prima` the first row of the page after it. */
function turnOf<Row, Place>({ query, readPlace, size }: Paged<Row, Place>): Turn<Place> {
  const [before, after] = [query['prima'], query['dopo']].map((text) =>
    readPlace(typeof text === 'string' ? text : undefined),
  )
  return { place: before ?? after, isBack: before !== undefined, limit: size + 1 }
}

/** The filled-in parameters of an address, without its place: the same list from its beginning. */
export const withoutPlace = (query: Typed): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === 'string' && entry[1] !== '' && !PLACES.includes(entry[0]),
    ),
  )

const PLACES = ['prima', 'dopo', 'riga']

export function withQuery(href: string, query: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(query).toString()
  return search === '' ? href : `${href}?${search}`
}
