import type { SheetCell } from '../../domain/flow/sheet/cell.ts'
import type { SheetProblem } from '../../domain/flow/sheet/problem.ts'

/** A row that is not blank, with its number in the sheet, from 1. */
export interface SheetRow {
  number: number
  cells: SheetCell[]
}

/** The rows of a sheet that are not blank, or why it cannot be read. */
export type SheetRows = { kind: 'rows'; rows: Iterable<SheetRow> } | SheetProblem
