import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { CSV_FORM } from './csv-form.ts'
import { csvCells, csvTitles, type TableColumns } from './table-csv.ts'

/**
 * Rows as a CSV file for people, read one after the other so that only few are in memory. An error of the source ends the stream with
 * that error, because a short file would look whole.
 */
export const csvFile = <Row>(columns: TableColumns<Row>, rows: AsyncIterable<Row>): Readable =>
  Readable.from(linesOf(columns, rows)).compose(stringify({ ...CSV_FORM, columns: csvTitles(columns) }))

async function* linesOf<Row>(columns: TableColumns<Row>, rows: AsyncIterable<Row>): AsyncGenerator<string[]> {
  for await (const row of rows) yield csvCells(columns, row)
}
