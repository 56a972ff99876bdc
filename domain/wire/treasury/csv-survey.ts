import { FileRefusal } from '../../treasury/movement.ts'
import { readCsvLine } from '../csv-line.ts'
import { columnsOf, type CsvColumns } from './csv-columns.ts'
import { amountFormsOf, dayFormsOf, isOneGroup, type CsvForms } from './csv-forms.ts'
import { readLines, type Encoding } from './lines.ts'

/** What a person must say before a file can be read: which column is which, or how a column is written. */
export type CsvQuestion = 'columns' | Exclude<keyof CsvForms, 'encoding'>

export interface CsvSurvey {
  header: readonly string[]
  /** A few rows, so that a person sees what the columns hold. */
  examples: readonly (readonly string[])[]
  /** Undefined when the header is not a known one and nobody has chosen. */
  columns: CsvColumns | undefined
  /** A form that nothing speaks for is the international one, in which the values read the same. */
  forms: CsvForms
  questions: readonly CsvQuestion[]
}

const EXAMPLES = 3

/**
 * Looks through a whole CSV to see how its columns are written, because one column has one form: "1.234" in one row is read as the others
 * show. Source: docs/field/treasury.md#csv.
 * @param chosen the columns as the ente chose them once, and what a person has answered for this file
 * @throws FileRefusal
 */
export async function surveyCsv(
  bytes: AsyncIterable<Uint8Array>,
  chosen: { columns: CsvColumns | undefined; answers: Partial<Omit<CsvForms, 'encoding'>> },
): Promise<CsvSurvey> {
  const survey = new Survey(chosen.columns)
  for await (const line of readLines(bytes, ['utf-8', 'iso-8859-15']))
    if (line.kind === 'text') survey.take(line.text, line.encoding)
  return survey.result(chosen.answers)
}

class Survey {
  #header: string[] | undefined
  #columns: CsvColumns | undefined
  readonly #examples: string[][] = []
  readonly #seen = { amount: new Set<string>(), bookedOn: new Set<string>(), valueOn: new Set<string>() }
  #hasGroups = false
  #encoding: Encoding = 'utf-8'

  constructor(columns: CsvColumns | undefined) {
    this.#columns = columns
  }

  take(line: string, encoding: Encoding): void {
    // One line that is not UTF-8 shows that the others, which may be plain ASCII, are not either.
    if (encoding !== 'utf-8') this.#encoding = encoding
    const read = readCsvLine(line)
    if (this.#header === undefined) {
      this.#header = read.kind === 'fields' ? read.fields : []
      this.#columns ??= columnsOf(this.#header)
    } else if (read.kind === 'fields') this.#row(read.fields)
  }

  result(answers: Partial<Omit<CsvForms, 'encoding'>>): CsvSurvey {
    if (this.#header === undefined) throw new FileRefusal({ kind: 'empty' })
    const { amount, bookedOn, valueOn } = this.#seen
    if (this.#hasGroups && amount.size === 0) amount.add('comma').add('dot')
    const asked = (['amount', 'bookedOn', 'valueOn'] as const).filter(
      (name) => answers[name] === undefined && this.#seen[name].size > 1,
    )
    return {
      header: this.#header,
      examples: this.#examples,
      columns: this.#columns,
      forms: {
        encoding: this.#encoding,
        amount: answers.amount ?? (amount.has('comma') ? 'comma' : 'dot'),
        bookedOn: answers.bookedOn ?? (bookedOn.has('italian') ? 'italian' : 'iso'),
        valueOn: answers.valueOn ?? (valueOn.has('italian') ? 'italian' : 'iso'),
      },
      questions: this.#columns === undefined ? ['columns'] : asked,
    }
  }

  #row(fields: string[]): void {
    if (this.#examples.length < EXAMPLES) this.#examples.push(fields)
    const columns = this.#columns
    if (columns === undefined) return
    const amount = fields[columns.amount] ?? ''
    if (isOneGroup(amount)) this.#hasGroups = true
    else for (const form of amountFormsOf(amount)) this.#seen.amount.add(form)
    for (const name of ['bookedOn', 'valueOn'] as const)
      for (const form of dayFormsOf(fields[columns[name]] ?? '')) this.#seen[name].add(form)
  }
}
