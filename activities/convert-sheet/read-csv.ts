import { isUtf8 } from 'node:buffer'
import { readFile, stat } from 'node:fs/promises'
import iconv from 'iconv-lite'
import Papa from 'papaparse'
import { FLOW_COLUMNS } from '../../domain/flow/columns.ts'
import { MOST_ROWS } from '../../domain/flow/sheet/problem.ts'
import type { SheetRow, SheetRows } from './sheet-rows.ts'

const MOST_BYTES = 32 * 1024 ** 2

/**
 * Reads a CSV as spreadsheets save it: `;`, a comma or a tab between fields, line ends inside quotes, in UTF-8, in the Unicode text of Excel
 * or in Windows-1252. The separator is the one with which the first line has the most names of columns.
 */
export async function readSheetCsv(path: string): Promise<SheetRows> {
  if ((await stat(path)).size > MOST_BYTES) return { kind: 'too_big' }
  const text = decode(await readFile(path))
  if (text === undefined) return { kind: 'not_sheet' }
  const { body, delimiter } = separated(text)
  const { data, errors } = Papa.parse<string[]>(body, { delimiter })
  if (errors.some(({ type }) => type === 'Quotes')) return { kind: 'bad_quotes' }
  const found = data.filter((fields) => !isBlank(fields)).length
  if (found - 1 > MOST_ROWS.csv) return { kind: 'too_many_rows', rows: MOST_ROWS.csv }
  return { kind: 'rows', rows: rowsOf(data) }
}

const isBlank = (fields: readonly string[]): boolean => fields.every((field) => field.trim() === '')

/** Makes the cells of a row when its turn comes, because together they would take several times the memory of the file. */
function* rowsOf(data: readonly string[][]): Generator<SheetRow> {
  for (const [at, fields] of data.entries())
    if (!isBlank(fields)) yield { number: at + 1, cells: fields.map((text) => ({ kind: 'shown', text })) }
}

const UTF16 = Buffer.from([0xff, 0xfe])

/** The text of the file; undefined when it is none. Bytes that are no UTF-8 are Windows-1252, in which Excel saves a plain CSV. */
function decode(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 2).equals(UTF16)) return iconv.decode(bytes, 'utf16le')
  const text = isUtf8(bytes) ? bytes.toString('utf8') : iconv.decode(bytes, 'windows-1252')
  return text.includes('\0') ? undefined : text.replace(/^\ufeff/, '')
}

const DELIMITERS = [';', ',', '\t']
const NAMES: ReadonlySet<string> = new Set(FLOW_COLUMNS['1_4'].map(({ header }) => header.toLowerCase()))

/** Takes the separator of a first line "sep=;", which Excel writes and reads, or else the most likely one. */
function separated(text: string): { body: string; delimiter: string } {
  const told = /^sep=([;,\t])\r?\n/i.exec(text)
  if (told) return { body: text.slice(told[0].length), delimiter: told[1]! }
  const first = /[^\s].*/.exec(text)?.[0] ?? ''
  const namesBy = (delimiter: string): number =>
    first.split(delimiter).filter((name) => NAMES.has(name.replaceAll('"', '').trim().toLowerCase())).length
  const delimiter = DELIMITERS.reduce((best, next) => (namesBy(next) > namesBy(best) ? next : best))
  return { body: text, delimiter }
}
