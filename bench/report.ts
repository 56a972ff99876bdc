/** A measured value with its limit, printed as `target NAME VALUE LIMIT ok|short` for scripts. */
export interface Target {
  name: string
  value: number
  limit: number
  /** `least`: the value must reach the limit; `most`: it must not exceed it. */
  is: 'least' | 'most'
}

export type Row = readonly [name: string, ...cells: string[]]

export function targetLine({ name, value, limit, is }: Target): string {
  return `target ${name} ${value.toFixed(2)} ${limit} ${isShort({ name, value, limit, is }) ? 'short' : 'ok'}`
}

/** True when the limit is missed; NaN, which means that nothing was measured, counts as missed. */
export const isShort = ({ value, limit, is }: Target): boolean =>
  is === 'least' ? !(value >= limit) : !(value <= limit)

/** Text of a table. Each column is as wide as its longest cell; names are aligned left, figures right. */
export function table(head: Row, rows: readonly Row[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  '),
    )
    .join('\n')
}
