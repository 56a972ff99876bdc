import type { Readable } from 'node:stream'
import { formatDay } from '../../domain/calendar.ts'
import { t } from '../language.ts'
import { csvFile } from './csv-file.ts'
import type { TableColumns } from './table-csv.ts'

/** A credit of the bank that brought a flow. */
interface BookedCredit {
  year: number | null
  number: string | null
  bolletta: string | null
  bookedOn: string
  valueOn: string
}

/** A line that an accountant books. */
export interface BookedLine {
  credits: readonly BookedCredit[]
  flowId: string
  /** Null for what no payment explains. */
  dueType: string | null
  ufficio: string
  capitolo: string
  accertamento: string
  cents: number
}

const text = (title: string, value: (line: BookedLine) => string | null, width = 16) =>
  ({ title, kind: 'text', width, value }) as const

/** What the credits of a flow say, each thing once. */
const ofCredits =
  (value: (credit: BookedCredit) => string | null) =>
  ({ credits }: BookedLine): string =>
    [...new Set(credits.map(value).filter((one) => one !== null))].join(' + ')

/** The names of the columns are those of the documented file, and are not translated. */
const COLUMNS: TableColumns<BookedLine> = [
  text(
    'annoBolletta',
    ofCredits(({ year }) => (year === null ? null : String(year))),
  ),
  text(
    'numeroProvvisorio',
    ofCredits(({ number }) => number),
  ),
  text(
    'numeroBolletta',
    ofCredits(({ bolletta }) => bolletta),
  ),
  text(
    'dataContabile',
    ofCredits(({ bookedOn }) => formatDay(bookedOn)),
  ),
  text(
    'dataValuta',
    ofCredits(({ valueOn }) => formatDay(valueOn)),
  ),
  text('idFlusso', ({ flowId }) => flowId, 36),
  text('tipoDovuto', ({ dueType }) => dueType ?? t('reporting.accounting.unexplained'), 24),
  text('codUfficio', ({ ufficio }) => ufficio),
  text('codCapitolo', ({ capitolo }) => capitolo),
  text('codAccertamento', ({ accertamento }) => accertamento),
  { title: 'importo', kind: 'amount', width: 14, value: ({ cents }) => cents },
]

/** What is booked of flows by type of due and by the codes of the bilancio, as CSV. */
export const accountingCsv = (lines: AsyncIterable<BookedLine>): Readable => csvFile(COLUMNS, lines)
