import { WITHOUT_BOOKS, type Item, type Movement, type Place } from '../../treasury/movement.ts'
import { readCsvLine } from '../csv-line.ts'
import { CSV_FIELDS, type CsvColumns, type CsvField } from './csv-columns.ts'
import { amountIn, dayIn, type CsvForms } from './csv-forms.ts'
import { Fields } from './fields.ts'
import { contentKey, keyOf } from '../../treasury/key.ts'
import { readLines, type Line } from './lines.ts'

/**
 * Reads the rows of a CSV below its header. Source: docs/field/treasury.md#csv.
 * @param columns which column is which
 * @param forms how they are written, as the survey of the same file found
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  columns: CsvColumns,
  forms: CsvForms,
): AsyncGenerator<Item> {
  let header: string[] | undefined
  let number = 0
  for await (const line of readLines(bytes, [forms.encoding])) {
    if (header === undefined) header = fieldsOf(line) ?? []
    else
      yield* rowItems(line, { header, columns, forms }, { line: line.number, page: null, number: ++number })
  }
}

interface Reading {
  header: readonly string[]
  columns: CsvColumns
  forms: CsvForms
}

function fieldsOf(line: Line): string[] | undefined {
  const read = line.kind === 'text' ? readCsvLine(line.text) : undefined
  return read?.kind === 'fields' ? read.fields : undefined
}

function rowItems(line: Line, { header, columns, forms }: Reading, place: Place): Item[] {
  const values = fieldsOf(line)
  if (values === undefined) return [lineFault(line.kind === 'fault' ? line.code : 'bad_quotes', place)]
  if (values.length < header.length && values.length <= Math.max(...Object.values(columns)))
    return [lineFault('columns', place)]
  const columnOf = new Map(CSV_FIELDS.map((field) => [nameOf(header, columns, field), columns[field]]))
  const fields = new Fields((name) => values[columnOf.get(name)!] ?? '', {
    day: (text, name) =>
      dayIn(name === nameOf(header, columns, 'valueOn') ? forms.valueOn : forms.bookedOn, text),
    cents: (text) => amountIn(forms.amount, text),
  })
  const movement = movementOf(fields, (field) => nameOf(header, columns, field), place)
  return fields.items(place, () => ({ kind: 'movement', movement }))
}

/** The name that the header has for a field, so that a fault speaks the words of the file. */
const nameOf = (header: readonly string[], columns: CsvColumns, field: CsvField): string =>
  header[columns[field]] || `${columns[field] + 1}`

export const lineFault = (code: 'bad_quotes' | 'columns' | 'not_text' | 'too_long', place: Place): Item => ({
  kind: 'fault',
  fault: { place, code, field: '', value: '' },
})

function movementOf(fields: Fields, name: (field: CsvField) => string, place: Place): Movement {
  const bookedOn = fields.day(name('bookedOn'))
  const number = fields.number(name('number'))
  const year = yearOf(fields, name('year')) ?? Number(bookedOn.slice(0, 4))
  const made = {
    source: 'csv' as const,
    place,
    act: 'credit' as const,
    series: keyOf('csv', year),
    account: '',
    year: number === null ? null : year,
    number,
    ...WITHOUT_BOOKS,
    cents: fields.credited(name('amount')),
    bookedOn,
    valueOn: fields.dayOr(name('valueOn'), bookedOn),
    trn: null,
    endToEndId: null,
    sender: fields.text(name('sender')),
    text: fields.text(name('text')),
    madeAt: null,
  }
  return number === null
    ? { ...made, key: contentKey(made), isKeyedByContent: true }
    : { ...made, key: keyOf(made.series, number), isKeyedByContent: false }
}

/** Four digits; null when the row leaves it to the day. */
function yearOf(fields: Fields, name: string): number | null {
  const text = fields.text(name)
  if (text === '') return null
  if (!/^[12]\d{3}$/.test(text)) fields.fault('number', name)
  return Number(text)
}
