import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { formatDay, formatInstant } from '../../domain/calendar.ts'
import { cents, wireImporto } from '../../domain/money.ts'
import type { Doubt } from '../../domain/payment/known.ts'
import type { DueState } from '../../domain/states.ts'
import { stateOf } from '../due-words.ts'
import { oneLine } from '../format.ts'
import { t } from '../language.ts'
import { CSV_FORM } from './csv-form.ts'

/** A due as the CSV files of dues show it. `why` is in files that have a column for it. */
export interface CsvDue extends Doubt {
  iud: string
  iuv: string | null
  codice: string
  anagrafica: string
  causale: string
  importoCents: number
  dueOn: string | null
  state: DueState
  isExpired: boolean
  dueTypeName: string
  changedAt: string
  why?: string
}

/**
 * Dues as a CSV file for people, read one after the other so that only few are in memory. An error of the source ends the stream with
 * that error, because a short file would look whole.
 * @param why the header of one more column, with the `why` of each due
 */
export const duesCsvFile = (dues: AsyncIterable<CsvDue>, why?: string): Readable =>
  Readable.from(linesOf(dues)).compose(
    stringify({ ...CSV_FORM, columns: [...COLUMNS, ...(why === undefined ? [] : [why])] }),
  )

async function* linesOf(dues: AsyncIterable<CsvDue>): AsyncGenerator<string[]> {
  // Line ends inside a text become blanks, because a spreadsheet may take what follows one for a new row with a formula.
  for await (const due of dues) yield cellsOf(due).map(oneLine)
}

const COLUMNS = [
  t('dues.csv.iud'),
  t('dues.csv.iuv'),
  t('dues.csv.codice'),
  t('dues.csv.debtor'),
  t('dues.csv.causale'),
  t('dues.csv.importo'),
  t('dues.csv.dueOn'),
  t('dues.csv.state'),
  t('dues.csv.tipo'),
  t('dues.csv.changedAt'),
]

const cellsOf = (due: CsvDue): string[] => [
  due.iud,
  due.iuv ?? '',
  due.codice,
  due.anagrafica,
  due.causale,
  wireImporto(cents(due.importoCents)).replace('.', ','),
  due.dueOn === null ? '' : formatDay(due.dueOn),
  stateOf(due).text,
  due.dueTypeName,
  formatInstant(due.changedAt),
  ...(due.why === undefined ? [] : [due.why]),
]
