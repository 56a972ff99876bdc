import { tableOf } from '../../table.ts'

/** What a CSV of a treasurer tells about a movement. */
export const CSV_FIELDS = ['year', 'number', 'bookedOn', 'sender', 'text', 'amount', 'valueOn'] as const
export type CsvField = (typeof CSV_FIELDS)[number]

/** In which column each of them is, from 0. An ente chooses them once. */
export type CsvColumns = Readonly<Record<CsvField, number>>

/** Headers that say by themselves what the columns are, each with the names of the seven fields. */
const KNOWN: readonly Readonly<Record<CsvField, string>>[] = [
  {
    year: 'annoBolletta',
    number: 'codBolletta',
    bookedOn: 'dataContabile',
    sender: 'denominazioneOrdinante',
    text: 'causale',
    amount: 'importo',
    valueOn: 'dataValuta',
  },
  {
    year: 'ESERCIZIO',
    number: 'N.PROVV.',
    bookedOn: 'DATA ESEC.',
    sender: 'ANAGRAFICA CLIENTE',
    text: 'DESCRIZIONE CAUSALE',
    amount: 'IMPORTO PROVVISORIO',
    valueOn: 'VALUTA ENTE',
  },
]

/** The columns of a header that is known, in whatever order. Undefined for any other, which a person has to explain. */
export function columnsOf(header: readonly string[]): CsvColumns | undefined {
  const names = header.map((name) => name.toLowerCase())
  return KNOWN.map((known) => columnsBy((field) => names.indexOf(known[field].toLowerCase()))).find(
    (columns) => CSV_FIELDS.every((field) => columns[field] >= 0),
  )
}

const columnsBy = (at: (field: CsvField) => number): CsvColumns => tableOf(CSV_FIELDS, at)
