import type { DueRow } from '../../db/due/dues.ts'
import { formatDay, formatInstant } from '../../domain/calendar.ts'
import { cents, wireImporto } from '../../domain/money.ts'
import { printedCode } from '../../domain/person.ts'
import { oneLine } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { dayOrDash, euro, stateOf } from './due-words.ts'

/** A due in the list of operators. */
export const dueRowView = (row: DueRow, href: string) => ({
  href: `${href}/${row.id}`,
  codice: printedCode(row.codice),
  anagrafica: row.anagrafica,
  iuv: row.iuv ?? '–',
  causale: row.causale,
  importo: euro(row.importoCents) + (row.hasSecondary ? ' *' : ''),
  dueOn: dayOrDash(row.dueOn),
  state: stateOf(row),
  changedAt: formatInstant(row.changedAt),
})

/** The header line of the CSV file. It is for people, who open the file in a spreadsheet. */
export const CSV_COLUMNS = [
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
] as const

/**
 * The cells of a due in the CSV file. Line ends inside a text become blanks, because a spreadsheet may take what follows one for a new row
 * with a formula.
 */
export const csvRow = (row: DueRow): string[] => csvCells(row).map(oneLine)

const csvCells = (row: DueRow): string[] => [
  row.iud,
  row.iuv ?? '',
  row.codice,
  row.anagrafica,
  row.causale,
  wireImporto(cents(row.importoCents)).replace('.', ','),
  row.dueOn === null ? '' : formatDay(row.dueOn),
  stateOf(row).text,
  row.dueTypeName,
  formatInstant(row.changedAt),
]
