import { FLOW_COLUMNS, type Column, type ColumnHeader, type FlowFormat } from '../columns.ts'
import { NUMBERED_COLUMNS } from '../header.ts'

/** Why the first row of a sheet is not its header. `name` is the column that is wrong. */
export type SheetHeaderProblem =
  | { kind: 'no_header' }
  | { kind: 'unknown_column' | 'column_twice' | 'column_missing'; name: string }
  /** A column of this version is in the sheet, and the name of the file says another version. */
  | { kind: 'column_of_other_version'; name: string; format: FlowFormat }

/** Where each column of the version is in the sheet. */
export interface SheetPlan {
  format: FlowFormat
  columns: readonly { column: Column; at: number | undefined }[]
  /** Positions that have no name, in which a value would be lost. */
  unnamed: readonly number[]
  width: number
  /** The rejected rows for people: an apostrophe keeps their cells from acting as formulas. */
  isShielded: boolean
}

const ALL: ReadonlyMap<string, ColumnHeader> = new Map(
  FLOW_COLUMNS['1_4'].map(({ header }) => [header.toLowerCase(), header]),
)
const IGNORED: ReadonlySet<string> = new Set(NUMBERED_COLUMNS)

/**
 * Reads the header of a sheet: the documented names in any order and any case. A column that no row must have may be left out, and is
 * blank. The columns of a file of rejected rows are ignored.
 * @param format the version that the name of the file says; otherwise 1_4 where the sheet has a column of the second beneficiary, else 1_3:
 *   with blank columns they say all that the older versions say
 */
export function planSheet(
  names: readonly string[],
  format: FlowFormat | undefined,
): { kind: 'ok'; plan: SheetPlan } | SheetHeaderProblem {
  const places = new Map<ColumnHeader, number>()
  const unnamed: number[] = []
  for (const [at, given] of names.entries()) {
    const name = given.trim().toLowerCase()
    if (name === '') unnamed.push(at)
    if (name === '' || IGNORED.has(name)) continue
    const header = ALL.get(name)
    if (header === undefined) return { kind: 'unknown_column', name: given.trim() }
    if (places.has(header)) return { kind: 'column_twice', name: header }
    places.set(header, at)
  }
  if (places.size === 0) return { kind: 'no_header' }
  const version = format ?? versionOf(places)
  const columns = FLOW_COLUMNS[version]
  const foreign = [...places.keys()].find((header) => !columns.some((column) => column.header === header))
  if (foreign !== undefined) return { kind: 'column_of_other_version', name: foreign, format: version }
  const missing = columns.find(
    ({ header, isMandatory, isSecondary }) => isMandatory && !isSecondary && !places.has(header),
  )
  if (missing) return { kind: 'column_missing', name: missing.header }
  return {
    kind: 'ok',
    plan: {
      format: version,
      columns: columns.map((column) => ({ column, at: places.get(column.header) })),
      unnamed,
      width: names.length,
      isShielded: names.some((name) => name.trim().toLowerCase() === 'rimedio'),
    },
  }
}

const SECOND: ReadonlySet<ColumnHeader> = new Set(
  FLOW_COLUMNS['1_4']
    .map(({ header }) => header)
    .filter((header) => !FLOW_COLUMNS['1_3'].some((column) => column.header === header)),
)

const versionOf = (places: ReadonlyMap<ColumnHeader, number>): FlowFormat =>
  [...places.keys()].some((header) => SECOND.has(header)) ? '1_4' : '1_3'
