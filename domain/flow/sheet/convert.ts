import { formatDay, isDay, parseTypedDay } from '../../calendar.ts'
import type { Column, ColumnKind } from '../columns.ts'
import { amountOfNumber, amountOfText } from './amount.ts'
import { read, unread, type Converted, type SheetCell } from './cell.ts'
import { textOfNumber, textOfShown } from './text.ts'

/**
 * Converts a cell into the value that the documented file has in this column. What the sheet says in one way only is read; what would be a
 * guess is refused with its reason, so that no amount, day or code changes on the way. Source: docs/field/files.md#from-a-spreadsheet.
 */
export function convertCell(column: Column, cell: SheetCell): Converted {
  switch (cell.kind) {
    case 'blank':
      return read('')
    case 'error':
      return unread('errorCell')
    case 'empty_formula':
      return unread('emptyFormula')
    case 'day':
      return column.kind === 'day' ? dayOfCell(cell.day) : unread('becameDay')
    case 'flag':
      return column.kind === 'flag' ? read(String(cell.value)) : unread('becameFlag')
    case 'number':
      return NUMBERS[column.kind](column, cell.text)
    case 'typed':
    case 'shown': {
      const text = oneLine(cell.text)
      return text === '' ? read('') : TEXTS[column.kind](column, text, cell.kind)
    }
  }
}

type Reading = (column: Column, text: string) => Converted

const NUMBERS: Record<ColumnKind, Reading> = {
  amount: (_, text) => amountOfNumber(text),
  day: () => unread('daySerial'),
  flag: () => unread('flag'),
  text: ({ header }, text) => textOfNumber(header, text),
  words: ({ header }, text) => textOfNumber(header, text),
}

const TEXTS: Record<ColumnKind, (column: Column, text: string, kind: 'typed' | 'shown') => Converted> = {
  amount: (_, text) => amountOfText(text),
  day: (_, text) => dayOf(parseTypedDay(text)),
  flag: (_, text) => flagOf(text),
  text: ({ header }, text, kind) => (kind === 'shown' ? textOfShown(header, text) : read(text)),
  words: (_, text) => read(text),
}

const dayOf = (day: string | undefined): Converted =>
  day !== undefined && isDay(day) ? read(day) : unread('day')

/** Before this day the calendar of spreadsheets is wrong by one, and a time without a day is among those days. */
const FIRST_SURE_DAY = '1900-03-01'

const dayOfCell = (day: string): Converted => (day < FIRST_SURE_DAY ? unread('day') : dayOf(day))

const FLAGS: Readonly<Record<string, string>> = {
  vero: 'true',
  si: 'true',
  sì: 'true',
  true: 'true',
  falso: 'false',
  no: 'false',
  false: 'false',
}

const flagOf = (text: string): Converted => {
  const value = FLAGS[text.normalize('NFC').toLowerCase()]
  return value === undefined ? unread('flag') : read(value)
}

/** The text of a cell on one line, because a row of the documented file is one line. */
const oneLine = (text: string): string => text.replace(/ *(?:[^\S ] *)+/g, ' ').trim()

/** What the cell shows to a person, to be put beside the value that was made of it. */
export function shownCell(cell: SheetCell): string {
  switch (cell.kind) {
    case 'blank':
    case 'empty_formula':
      return ''
    case 'day':
      return isDay(cell.day) ? formatDay(cell.day) : cell.day
    case 'flag':
      return cell.value ? 'VERO' : 'FALSO'
    case 'typed':
    case 'shown':
      return oneLine(cell.text)
    case 'number':
    case 'error':
      return cell.text
  }
}
