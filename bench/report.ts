/** One line a gate reads: `target NAME VALUE LIMIT ok|short`. */
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

/** What was not measured (NaN) is short. */
export const isShort = ({ value, limit, is }: Target): boolean =>
  is === 'least' ? !(value >= limit) : !(value <= limit)

/** Columns as wide as their longest cell; names to the left, figures to the right. */
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
