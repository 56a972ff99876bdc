import { isIban } from '../../iban.ts'
import { FileRefusal, WITHOUT_BOOKS, type Item, type Movement, type Place } from '../../treasury/movement.ts'
import { readCsvLine } from '../csv-line.ts'
import { lineFault } from './csv.ts'
import { amountIn, dayIn } from './csv-forms.ts'
import { Fields } from './fields.ts'
import { contentKey, keyOf } from '../../treasury/key.ts'
import { readLines, type Line } from './lines.ts'

/** The columns of a statement, in their order. Two are called causale; the one before the last is not used. */
const COLUMNS = [
  'data contabile',
  'data valuta',
  'codice causale',
  'causale',
  'divisa',
  'addebito',
  'accredito',
  '',
  'descrizione',
]
const FORMS = {
  day: (text: string) => dayIn('italian', text),
  cents: (text: string) => amountIn('comma', text),
}

/**
 * Reads the statement of a postal account: a line with the IBAN, a header, and a last line that is none of the movements.
 * Source: docs/field/treasury.md#postal-statement.
 * @throws FileRefusal
 */
export async function* readPostal(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Item> {
  let account: string | undefined
  let waiting: Line | undefined
  let seen = 0
  const items = (line: Line): Item[] =>
    rowItems(line, account!, { line: line.number, page: null, number: seen - 1 })
  for await (const line of readLines(bytes, ['iso-8859-15'])) {
    account ??= accountOf(line)
    if (waiting) yield* items(waiting)
    if (++seen > 2) waiting = line
  }
  if (account === undefined) throw new FileRefusal({ kind: 'empty' })
  // The last line is a footer; a movement in its place must not be lost.
  if (waiting && isMovement(waiting)) yield* items(waiting)
}

/** The IBAN in the second field of the first line. */
export function ibanOf(firstLine: string): string | undefined {
  const read = readCsvLine(firstLine)
  const iban = (read.kind === 'fields' ? (read.fields[1] ?? '') : '').replace(/\s/g, '').toUpperCase()
  return isIban(iban) ? iban : undefined
}

function accountOf(line: Line): string {
  const iban = line.kind === 'text' ? ibanOf(line.text) : undefined
  if (iban === undefined) throw new FileRefusal({ kind: 'no_account' })
  return iban
}

function isMovement(line: Line): boolean {
  const values = valuesOf(line)
  return values !== undefined && dayIn('italian', values[0] ?? '') !== undefined && values.length >= 7
}

function valuesOf(line: Line): string[] | undefined {
  const read = line.kind === 'text' ? readCsvLine(line.text) : undefined
  return read?.kind === 'fields' ? read.fields : undefined
}

function rowItems(line: Line, account: string, place: Place): Item[] {
  const values = valuesOf(line)
  if (values === undefined) return [lineFault(line.kind === 'fault' ? line.code : 'bad_quotes', place)]
  if (values.length < 7) return [lineFault('columns', place)]
  const fields = new Fields((name) => values[COLUMNS.indexOf(name)] ?? '', FORMS)
  if (fields.text('accredito') === '' && fields.text('addebito') !== '') return [{ kind: 'passed', place }]
  if (!['', 'EUR', 'EURO', '€'].includes(fields.text('divisa').toUpperCase()))
    fields.fault('currency', 'divisa')
  const movement = movementOf(fields, account, place)
  return fields.items(place, () => ({ kind: 'movement', movement }))
}

function movementOf(fields: Fields, account: string, place: Place): Movement {
  const bookedOn = fields.day('data contabile')
  const made = {
    source: 'postal' as const,
    place,
    act: 'credit' as const,
    series: keyOf('postal', account),
    account,
    year: null,
    number: null,
    ...WITHOUT_BOOKS,
    cents: fields.credited('accredito'),
    bookedOn,
    valueOn: fields.dayOr('data valuta', bookedOn),
    trn: null,
    endToEndId: null,
    sender: '',
    text: fields.text('descrizione') || fields.text('causale'),
    madeAt: null,
  }
  return { ...made, key: contentKey(made), isKeyedByContent: true }
}
