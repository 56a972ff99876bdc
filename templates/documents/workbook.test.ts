import { text } from 'node:stream/consumers'
import readExcelFile from 'read-excel-file/node'
import { expect, it } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { MOST_SHEET_ROWS, sheetOf, workbook, type SheetColumn } from './workbook.ts'

interface Row {
  code: string | null
  cents: number | null
  on: string | null
  at: string | null
  times: number | null
}

const COLUMNS: SheetColumn<Row>[] = [
  { title: 'IUV', kind: 'text', width: 20, value: (row) => row.code },
  { title: 'Importo (€)', kind: 'amount', width: 12, value: (row) => row.cents },
  { title: 'Scadenza', kind: 'day', width: 12, value: (row) => row.on },
  { title: 'Ultima modifica', kind: 'instant', width: 18, value: (row) => row.at },
  { title: 'Pagamenti', kind: 'count', width: 10, value: (row) => row.times },
]
const EMPTY: Row = { code: null, cents: null, on: null, at: null, times: null }
const ROW: Row = {
  code: '301000000000000123',
  cents: 2175,
  on: '2026-03-31',
  at: '2026-06-30T22:30:00.000Z',
  times: 12,
}

const codesOf = async (codes: string[]): Promise<unknown[]> => {
  const rows = codes.map((code) => ({ ...EMPTY, code }))
  const [sheet] = await readExcelFile(await workbook([sheetOf('Codici', COLUMNS.slice(0, 1), rows)]), {
    trim: false,
  })
  return sheet!.data.slice(1).map(([code]) => code)
}

/** The XML of one file of the workbook. */
async function partOf(bytes: Buffer, name: string): Promise<string> {
  const zip = await fromBufferPromise(bytes)
  for await (const entry of zip.eachEntry())
    if (entry.fileName === name) return text(await zip.openReadStreamPromise(entry))
  throw new Error(`no ${name}`)
}

it('gives back every value of every kind, on each of its sheets', async () => {
  const bytes = await workbook([
    sheetOf('Dovuti', COLUMNS, [EMPTY, ROW]),
    sheetOf(
      'Istruzioni',
      [{ title: 'Cosa fare', kind: 'text', width: 60, value: (line: string) => line }],
      ['Leggi'],
    ),
  ])
  const sheets = await readExcelFile(bytes)
  expect(sheets.map(({ sheet }) => sheet)).toEqual(['Dovuti', 'Istruzioni'])
  expect(sheets[0]!.data).toEqual([
    ['IUV', 'Importo (€)', 'Scadenza', 'Ultima modifica', 'Pagamenti'],
    [null, null, null, null, null],
    ['301000000000000123', 21.75, new Date('2026-03-31T00:00:00Z'), expect.any(Date), 12],
  ])
  // Half past midnight in Rome, on the next day. The reader cuts off the part of a millisecond that the number of a day loses.
  expect(Math.round(Number(sheets[0]!.data[2]![3]) / 1000)).toBe(Date.UTC(2026, 6, 1, 0, 30) / 1000)
  expect(sheets[1]!.data).toEqual([['Cosa fare'], ['Leggi']])
})

it('writes a code as a text cell and an amount as a number with two decimals', async () => {
  const bytes = await workbook([sheetOf('Dovuti', COLUMNS, [ROW])])
  const sheet = await partOf(bytes, 'xl/worksheets/sheet1.xml')
  const cell = (address: string) => new RegExp(`<c r="${address}"([^>]*)>(.*?)</c>`).exec(sheet)!
  expect(cell('A2')[1]).toContain('t="s"')
  expect(cell('B2')[1]).not.toContain('t=')
  expect(cell('B2')[2]).toBe('<v>21.75</v>')
  const formats = [...(await partOf(bytes, 'xl/styles.xml')).matchAll(/formatCode="([^"]+)"/g)].map(
    ([, code]) => code,
  )
  expect(formats).toEqual(['@', '#,##0.00', 'dd/mm/yyyy', 'dd/mm/yyyy hh:mm', '#,##0'])
})

it('has a bold header that stays in sight, and the widths that were asked for', async () => {
  const bytes = await workbook([sheetOf('Dovuti', COLUMNS, [ROW])])
  const sheet = await partOf(bytes, 'xl/worksheets/sheet1.xml')
  expect(sheet).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/)
  expect([...sheet.matchAll(/<col [^>]*width="(\d+)"/g)].map(([, width]) => width)).toEqual([
    '20',
    '12',
    '12',
    '18',
    '10',
  ])
  expect(await partOf(bytes, 'xl/styles.xml')).toContain('<b/>')
})

it('has no formula, whatever a text begins with', async () => {
  const hostile = ['=1+1', '=HYPERLINK("http://x","y")', '+39', '-1', '@SUM(A1)', '\t=1']
  const rows = hostile.map((code) => ({ ...EMPTY, code }))
  const bytes = await workbook([sheetOf('Codici', COLUMNS, rows)])
  expect(await partOf(bytes, 'xl/worksheets/sheet1.xml')).not.toContain('<f')
  expect(await codesOf(hostile)).toEqual(hostile)
})

it('keeps texts that mean something to the library, to XML or to a spreadsheet', async () => {
  const texts = ['constructor', '__proto__', 'toString', '<b>&"\'', 'à € 漢 🙂', 'due\nrighe', '0012', '1E5']
  expect(await codesOf(texts)).toEqual(texts)
  const bytes = await workbook([sheetOf('Codici', COLUMNS, [{ ...EMPTY, code: '_x0041_' }])])
  expect(await partOf(bytes, 'xl/sharedStrings.xml')).toContain('_x005F_x0041_')
})

it('drops what XML cannot carry, and the end of a text that no cell can hold', async () => {
  expect(await codesOf(['a\0b\u0007c', '\ud800x', 'x'.repeat(40_000)])).toEqual([
    'abc',
    'x',
    'x'.repeat(32_767),
  ])
})

it('writes a day before the calendar of spreadsheets as text', async () => {
  const [sheet] = await readExcelFile(
    await workbook([sheetOf('Dovuti', COLUMNS, [{ ...EMPTY, on: '1000-01-01' }])]),
  )
  expect(sheet!.data[1]![2]).toBe('01/01/1000')
})

it('has empty rows whose cells are text where their column is text', async () => {
  const bytes = await workbook([sheetOf('Modello', COLUMNS, [], { blankRows: 3 })])
  const sheet = await partOf(bytes, 'xl/worksheets/sheet1.xml')
  const styleOf = (address: string) => new RegExp(`<c r="${address}" s="(\\d+)"`).exec(sheet)?.[1]
  expect(styleOf('A4')).toBe(styleOf('A2'))
  expect(styleOf('A4')).not.toBe(styleOf('B4'))
  expect(styleOf('A5')).toBeUndefined()
})

it('refuses more rows than a spreadsheet may have here', () => {
  const rows = Array.from({ length: MOST_SHEET_ROWS }, () => EMPTY)
  expect(sheetOf('Dovuti', COLUMNS, rows).cells).toHaveLength(MOST_SHEET_ROWS + 1)
  expect(() => sheetOf('Dovuti', COLUMNS, [...rows, EMPTY])).toThrow(RangeError)
})
