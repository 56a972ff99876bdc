import type { ColumnHeader } from '../columns.ts'
import { BLANK, type SheetCell, type SheetFault } from './cell.ts'
import { convertCell, shownCell } from './convert.ts'
import type { SheetPlan } from './header.ts'

/** A cell that was not converted, with what it shows. */
export interface CellFault {
  header: ColumnHeader
  fault: SheetFault
  value: string
}

/** A value that the documented file writes in another way than the sheet shows it. */
export interface CellChange {
  header: ColumnHeader
  from: string
  to: string
}

/** A row of a sheet in the order of the columns of the version. A cell that was not converted has the text that it shows. */
export interface ConvertedRow {
  fields: string[]
  faults: CellFault[]
  changes: CellChange[]
}

export function convertRow({ columns }: SheetPlan, cells: readonly SheetCell[]): ConvertedRow {
  const row: ConvertedRow = { fields: [], faults: [], changes: [] }
  for (const { column, at } of columns) {
    const cell = at === undefined ? BLANK : (cells[at] ?? BLANK)
    const { header } = column
    const shown = shownCell(cell)
    const converted = convertCell(column, cell)
    row.fields.push(converted.ok ? converted.value : shown)
    if (!converted.ok) row.faults.push({ header, fault: converted.fault, value: shown })
    else if (converted.value !== shown) row.changes.push({ header, from: shown, to: converted.value })
  }
  return row
}

export const isBlankRow = (cells: readonly SheetCell[]): boolean =>
  cells.every((cell) => shownCell(cell) === '' && cell.kind !== 'empty_formula')
