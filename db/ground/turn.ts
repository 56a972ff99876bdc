/** Which page of a list is read (keyset paging): the rows after a place, the rows before it, or the first rows. */
export interface Turn<Place> {
  /** Undefined for the first page. */
  place: Place | undefined
  /** True for the rows before the place. */
  isBack: boolean
  limit: number
}

/** The first rows of a list. */
export const firstRows = (limit: number): Turn<never> => ({ place: undefined, isBack: false, limit })

export type Direction = 'asc' | 'desc'

const OTHER: Record<Direction, Direction> = { asc: 'desc', desc: 'asc' }

/**
 * How SQL reads a page of a list that is sorted in this direction: the direction of `order by`, and the sign of rows beyond the place. Rows
 * before a place are read from the place backwards, because otherwise the limit would cut off the nearest.
 */
export function reading({ isBack }: { isBack: boolean }, direction: Direction) {
  const order = isBack ? OTHER[direction] : direction
  return { order, beyond: order === 'desc' ? '<' : '>' } as const
}

/** The rows of a page in the order of the list, however they were read. */
export const inOrder = <Row>({ isBack }: { isBack: boolean }, rows: Row[]): Row[] =>
  isBack ? rows.reverse() : rows
