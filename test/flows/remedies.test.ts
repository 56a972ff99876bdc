import fc from 'fast-check'
import { stringify } from 'csv-stringify/sync'
import { expect, it } from 'vitest'
import { ownColumns } from '../../activities/import-flow/own-columns.ts'
import { FLOW_COLUMNS } from '../../domain/flow/columns.ts'
import { REMEDY_COLUMNS } from '../../domain/flow/header.ts'
import type { Reason } from '../../domain/flow/reason.ts'
import { readCsvLine, writeCsvLine } from '../../domain/wire/csv-line.ts'
import { rejectedCells } from '../../domain/wire/flow-remedy.ts'
import { rejectOf } from '../../domain/wire/flow-reject.ts'
import { shielded, unshielded } from '../../domain/wire/formula.ts'

const COLUMNS = FLOW_COLUMNS['1_3'].length
const HEADER = [...FLOW_COLUMNS['1_3'].map(({ header }) => header), ...REMEDY_COLUMNS].join(';')
const VALUE: Reason[] = [{ kind: 'value', error: 'email' }]
const UNREADABLE: Reason[] = [{ kind: 'form', fault: 'unreadable' }]

/** The line of the file for people, as it is downloaded and as it is read when it comes back. */
function thereAndBack(raw: Buffer | string, reasons: Reason[]): { line: string; fields: string[] } {
  const { cells } = rejectedCells('1_3', { raw: Buffer.from(raw), reasons })
  const { code, text } = rejectOf(reasons)
  const line = stringify([[...cells, code, text, 'mailPagatore: Correggi; “bene”.']], {
    delimiter: ';',
    quoted_match: /\r/,
  }).slice(0, -1)
  const back = ownColumns({ format: '1_3', header: HEADER })({
    text: line,
    raw: () => Buffer.from(line),
    fault: 'none',
  })
  const read = readCsvLine(back.text!)
  if (read.kind !== 'fields') throw new Error('not readable')
  return { line, fields: read.fields }
}

/** A field as a row of a file has it: without line feeds, and trimmed. */
const aField = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc
      .array(fc.constantFrom('=', '+', '-', '@', "'", '"', ';', '\t', '\r', '＝', 'a', '1'), { maxLength: 6 })
      .map((parts) => parts.join('')),
    fc.constantFrom(
      '=1+1',
      "'=1+1",
      "''@x",
      '-5',
      "l'importo",
      '=HYPERLINK("http://x";"y")',
      '0012',
      '24.50',
    ),
  )
  .map((text) => text.replace(/[\n\0]/g, '').trim())

it('a row without changes comes back with the same fields, whatever is in them', () => {
  fc.assert(
    fc.property(fc.array(aField, { minLength: COLUMNS, maxLength: COLUMNS + 3 }), (fields) => {
      const raw = writeCsvLine(fields)
      fc.pre(readCsvLine(raw).kind === 'fields')
      expect(thereAndBack(raw, VALUE).fields).toEqual((readCsvLine(raw) as { fields: string[] }).fields)
    }),
    { numRuns: 2_000 },
  )
})

it('no cell acts as a formula', () => {
  fc.assert(
    fc.property(fc.array(aField, { minLength: COLUMNS, maxLength: COLUMNS }), (fields) => {
      const { line } = thereAndBack(writeCsvLine(fields), VALUE)
      const cells = (readCsvLine(line) as { fields: string[] }).fields
      expect(cells.filter((cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell))).toEqual([])
    }),
    { numRuns: 2_000 },
  )
})

it('shielding is undone exactly', () => {
  fc.assert(
    fc.property(aField, (value) => {
      expect(unshielded(shielded(value))).toBe(value)
    }),
    { numRuns: 2_000 },
  )
})

const full = (azione: string): string[] => [
  ...Array.from({ length: COLUMNS - 1 }, (_, at) => `v${at}`),
  azione,
]

it.each<[string, string | Buffer, Reason[], string[]]>([
  [
    'quotes that do not close lose the azione, not the text',
    `"${full('I').join(';')}`,
    UNREADABLE,
    [`"v0`, ...full('').slice(1)],
  ],
  [
    'too few fields are filled up',
    'a;b;I',
    UNREADABLE,
    ['a', 'b', 'I', ...Array.from({ length: COLUMNS - 3 }, () => '')],
  ],
  [
    'a field that is not UTF-8 is read as a spreadsheet wrote it',
    Buffer.from([...Buffer.from('Citt'), 0xe0, ...Buffer.from(`;${full('I').slice(1).join(';')}`)]),
    [{ kind: 'form', fault: 'notUtf8' }],
    ['Città', ...full('I').slice(1)],
  ],
  [
    'a NUL loses the azione',
    `a\0b;${full('I').slice(1).join(';')}`,
    [{ kind: 'form', fault: 'notUtf8' }],
    ['a␀b', ...full('').slice(1)],
  ],
  [
    'too many fields stay',
    `${full('I').join(';')};x`,
    [{ kind: 'form', fault: 'tooManyColumns' }],
    [...full('I'), 'x'],
  ],
])('%s', (_, raw, reasons, fields) => {
  expect(thereAndBack(raw, reasons).fields).toEqual(fields)
})

it('the extra columns may be empty or missing, and a file of the documented form is not unshielded', () => {
  const read = (header: string, text: string) =>
    ownColumns({ format: '1_3', header })({ text, raw: () => Buffer.from(text), fault: 'none' }).text
  const row = full('I').join(';')
  expect(read(HEADER, `${row};;;`)).toBe(row)
  expect(read(HEADER, row)).toBe(row)
  expect(read(HEADER, `${row};;;;x`)).toBe(`${row};;;;x`)
  const legacy = HEADER.replace(/;rimedio$/, '')
  expect(read(legacy, `'=1;${row};PAA_IMPORT_X;testo`)).toBe(`'=1;${row}`)
  expect(read(HEADER, `'=1;${row};PAA_IMPORT_X;testo;rimedio`)).toBe(`=1;${row}`)
})
