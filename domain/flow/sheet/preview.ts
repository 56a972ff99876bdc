import type { ColumnHeader } from '../columns.ts'
import type { FlowFindings } from '../findings.ts'
import type { CellChange, CellFault } from './row.ts'

/** A row as the preview shows it: its values in the documented form, blank ones left out, and what was changed or not read. */
export interface ShownRow {
  /** Number of the row in the sheet, from 1. */
  number: number
  values: { header: ColumnHeader; value: string }[]
  changes: CellChange[]
  faults: CellFault[]
}

/** What the operator reads before the file is loaded. It is kept beside the file, because it has persons in it. */
export interface SheetPreview {
  rows: number
  /** Rows with a cell that was not converted. */
  unread: number
  /** Sum of the amounts of the rows that were converted: a wrong comma shows at once. */
  totalCents: number
  /** Missing in a preview of an older version. */
  findings?: FlowFindings
  /** One for each column in which something was converted: the first value, and how many there are. */
  changes: (CellChange & { count: number })[]
  first: ShownRow[]
  unreadRows: { number: number; iud: string; faults: CellFault[] }[]
}
