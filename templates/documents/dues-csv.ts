import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { CSV_FORM } from './csv-form.ts'
import { DUE_COLUMNS, type ListedDue } from './due-table.ts'
import { csvCells, csvTitles, type TableColumns } from './table-csv.ts'

/** A due as the CSV files of dues show it. `why` is in files that have a column for it. */
export interface CsvDue extends ListedDue {
  why?: string
}

/**
 * Dues as a CSV file for people, read one after the other so that only few are in memory. An error of the source ends the stream with
 * that error, because a short file would look whole.
 * @param why the header of one more column, with the `why` of each due
 */
export function duesCsvFile(dues: AsyncIterable<CsvDue>, why?: string): Readable {
  const columns = why === undefined ? DUE_COLUMNS : [...DUE_COLUMNS, whyColumn(why)]
  return Readable.from(linesOf(columns, dues)).compose(
    stringify({ ...CSV_FORM, columns: csvTitles(columns) }),
  )
}

async function* linesOf(
  columns: TableColumns<CsvDue>,
  dues: AsyncIterable<CsvDue>,
): AsyncGenerator<string[]> {
  for await (const due of dues) yield csvCells(columns, due)
}

const whyColumn = (title: string): TableColumns<CsvDue>[number] => ({
  title,
  kind: 'text',
  width: 40,
  value: ({ why }) => why ?? null,
})
