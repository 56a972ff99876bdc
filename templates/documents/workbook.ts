import writeExcelFile, { type Cell } from 'write-excel-file/node'
import { formatDay, romeDateTime } from '../../domain/calendar.ts'

/**
 * Spreadsheets (XLSX) for people. The library holds the whole workbook in memory and blocks its process while it writes, so a workbook has at
 * most MOST_SHEET_ROWS rows, and a page never writes one.
 */
export const MOST_SHEET_ROWS = 10_000

/** What columns hold, with the values that their cells are made from. A null is an empty cell. */
export interface SheetValues {
  /** Words and codes. A code of digits (IUV, notice number) stays text with every digit, and so does a text that begins with "=". */
  text: string
  /** Whole cents. The cell is a number in euro, which a spreadsheet can sum. */
  amount: number
  /** A day, '2026-03-31'. */
  day: string
  /** An ISO instant. The cell has the time of Rome. */
  instant: string
  count: number
}

/** A column: its title, its width in characters, and how a row becomes its cell. */
export type SheetColumn<Row> = {
  [Kind in keyof SheetValues]: {
    title: string
    kind: Kind
    width: number
    value: (row: Row) => SheetValues[Kind] | null
  }
}[keyof SheetValues]

/** One sheet with its cells made, so that sheets with different rows can be in one workbook. */
export interface Sheet {
  name: string
  widths: readonly number[]
  cells: Cell[][]
}

/**
 * @param name at most 31 characters, without []/\:*? (a limit of spreadsheets)
 * @param blankRows empty rows below, whose cells have the formats of their columns: a code that a person types there stays text
 * @throws RangeError when there are more rows than MOST_SHEET_ROWS
 */
export function sheetOf<Row>(
  name: string,
  columns: readonly SheetColumn<Row>[],
  rows: readonly Row[],
  { blankRows = 0 }: { blankRows?: number } = {},
): Sheet {
  if (rows.length + blankRows > MOST_SHEET_ROWS) throw new RangeError('too many rows for a workbook')
  return {
    name,
    widths: columns.map(({ width }) => width),
    cells: [
      columns.map(({ title }) => ({ value: safeText(title), type: String, fontWeight: 'bold' })),
      ...rows.map((row) => columns.map((column) => cellOf(column, row))),
      ...Array.from({ length: blankRows }, () => columns.map(({ kind }) => BLANKS[kind])),
    ],
  }
}

/** The bytes of a workbook. The first row of each sheet stays in sight. */
export function workbook(sheets: readonly Sheet[]): Promise<Buffer> {
  const written = sheets.map(({ name, widths, cells }) => ({
    sheet: name,
    data: cells,
    columns: widths.map((width) => ({ width })),
    stickyRowsCount: 1,
  }))
  return writeExcelFile(written).toBuffer()
}

/** Formats are written in the English way; a spreadsheet shows them in that of its user: "1.234,50" in Italy. */
const FORMATS: Record<keyof SheetValues, string> = {
  text: '@',
  amount: '#,##0.00',
  day: 'dd/mm/yyyy',
  instant: 'dd/mm/yyyy hh:mm',
  count: '#,##0',
}

const textCell = (text: string): Cell => ({ value: safeText(text), type: String, format: FORMATS.text })
const numberCell = (value: number, kind: 'amount' | 'count'): Cell => ({
  value,
  type: Number,
  format: FORMATS[kind],
})

/** @param wall a time of Rome. The cell has no zone: a spreadsheet shows it everywhere as it is written. */
const timeCell = (wall: string, kind: 'day' | 'instant'): Cell => ({
  value: new Date(`${wall}Z`),
  type: Date,
  format: FORMATS[kind],
})

/** The calendar of spreadsheets begins in 1900, with a 29 February that never was. */
const FIRST_DAY = '1900-03-01'

const CELLS: { [Kind in keyof SheetValues]: (value: SheetValues[Kind]) => Cell } = {
  text: textCell,
  amount: (cents) => numberCell(cents / 100, 'amount'),
  day: (day) => (day < FIRST_DAY ? textCell(formatDay(day)) : timeCell(`${day}T00:00:00`, 'day')),
  instant: (instant) => timeCell(romeDateTime(instant), 'instant'),
  count: (count) => numberCell(count, 'count'),
}

const BLANKS = Object.fromEntries(
  Object.entries(FORMATS).map(([kind, format]) => [
    kind,
    { type: kind === 'text' ? String : Number, format },
  ]),
) as Record<keyof SheetValues, Cell>

function cellOf<Row>(column: SheetColumn<Row>, row: Row): Cell {
  const value = column.value(row)
  return value === null
    ? BLANKS[column.kind]
    : (CELLS[column.kind] as (value: string | number) => Cell)(value)
}

/** The most characters of a cell: a file with more is refused by Excel as damaged. */
const MOST_TEXT = 32_767

/**
 * A text as it must be given to the library. Spreadsheets read "_x0041_" as "A", so such a text is written with its underscore escaped. The
 * library keeps texts in a plain object, where "constructor" and the like are taken; a NUL, which it drops when it writes, makes them free.
 */
function safeText(text: string): string {
  const whole = text.slice(0, MOST_TEXT).replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
  return whole in Object.prototype ? `${whole}\0` : whole
}
