import { cents, wireImporto } from '../../domain/money.ts'
import { formatDay, formatInstant } from '../../domain/calendar.ts'
import { oneLine } from '../format.ts'
import type { SheetColumn, SheetValues } from './workbook.ts'

/** A table that people download as CSV or as a workbook: both have these columns. */
export type TableColumns<Row> = readonly SheetColumn<Row>[]

/** The header line of the table in CSV. */
export const csvTitles = <Row>(columns: TableColumns<Row>): string[] => columns.map(({ title }) => title)

/** The cells of a row in CSV, written as people write them in Italy. */
export const csvCells = <Row>(columns: TableColumns<Row>, row: Row): string[] =>
  columns.map((column) => {
    const value = column.value(row)
    return value === null ? '' : (TEXTS[column.kind] as (value: string | number) => string)(value)
  })

/** Line ends inside a text become blanks, because a spreadsheet may take what follows one for a new row with a formula. */
const TEXTS: { [Kind in keyof SheetValues]: (value: SheetValues[Kind]) => string } = {
  text: oneLine,
  amount: (amount) => wireImporto(cents(amount)).replace('.', ','),
  day: formatDay,
  instant: formatInstant,
  count: String,
}
