import { medianOf, ratioOf, type Pairs } from './pairs.ts'
import type { Row, Target } from './report.ts'
import { spread } from './statistics.ts'

/** Rows that one measurement adds to the table, and the targets that must be met. */
export interface Part {
  rows: Row[]
  targets: Target[]
}

export const HEAD: Row = ['', 'product', 'twin', 'ratio', 'twin varies']

/** A row of medians of product and twin. Cells are empty when the control has no such figure. */
export function compared<T>(
  name: string,
  pairs: Pairs<T>,
  figure: (result: T) => number,
  digits: number,
): Row {
  const twin = medianOf(pairs.twin, figure)
  return [
    name,
    medianOf(pairs.product, figure).toFixed(digits),
    twin === 0 ? '' : twin.toFixed(digits),
    twin === 0 ? '' : ratioOf(pairs, figure).toFixed(2),
    twin === 0 ? '' : percent(spread(pairs.twin.map(figure))),
  ]
}

export const percent = (part: number): string => `${(100 * part).toFixed(0)} %`
