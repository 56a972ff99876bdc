import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterAll, describe, expect, it } from 'vitest'
import { convertFile, type Conversion } from '../../activities/convert-sheet/convert.ts'
import type { SheetProblem } from '../../domain/flow/sheet/problem.ts'
import { sheetXml, xlsx, xlsxOf, type RawCell } from './xlsx.ts'
import { zipOf } from './zip.ts'

const folder = mkdtempSync(join(tmpdir(), 'mypay-sheets-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
async function convert(bytes: Buffer | string): Promise<Conversion> {
  const path = join(folder, String(files++))
  writeFileSync(path, bytes)
  return convertFile(path, undefined, '2026-01-01')
}

const NAMES = [
  'IUD',
  'codIuv',
  'tipoIdentificativoUnivoco',
  'codiceIdentificativoUnivoco',
  'anagraficaPagatore',
  'capPagatore',
  'dataEsecuzionePagamento',
  'importoDovuto',
  'tipoDovuto',
  'causaleVersamento',
  'datiSpecificiRiscossione',
  'flgGeneraIuv',
  'azione',
]

type Values = Record<string, RawCell>
const GOOD: Values = {
  IUD: 'A-1',
  codIuv: null,
  tipoIdentificativoUnivoco: 'F',
  codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
  anagraficaPagatore: 'Bianchi Chiara',
  capPagatore: '00118',
  dataEsecuzionePagamento: { s: 1, v: '46112' },
  importoDovuto: { v: '24.5' },
  tipoDovuto: 'MENSA_SCOLASTICA',
  causaleVersamento: 'Mensa di ottobre',
  datiSpecificiRiscossione: '9/0107101TS/MENSA',
  flgGeneraIuv: { t: 'b', v: '1' },
  azione: 'I',
}
const rowOf = (values: Values = {}): RawCell[] => NAMES.map((name) => ({ ...GOOD, ...values })[name] ?? null)

const linesOf = (conversion: Conversion): string[] => {
  if (conversion.kind !== 'converted') throw new Error(JSON.stringify(conversion))
  return conversion.csv.trimEnd().split('\n').slice(1)
}
const MADE =
  'A-1;;F;BNCCHR85H52M999M;Bianchi Chiara;;;00118;;;;;2026-03-31;24.5;;MENSA_SCOLASTICA;;Mensa di ottobre;9/0107101TS/MENSA;;true;I'

describe('a workbook', () => {
  it('becomes the documented file: days, amounts and flags in its form, columns in its order', async () => {
    const conversion = await convert(await xlsx([NAMES, rowOf(), rowOf({ IUD: 'A-2', flgGeneraIuv: 'no' })]))
    expect(linesOf(conversion)).toEqual([MADE, MADE.replace('A-1', 'A-2').replace('true', 'false')])
    expect(conversion).toMatchObject({
      format: '1_3',
      preview: { rows: 2, unread: 0, totalCents: 4900, first: [{ number: 2 }, { number: 3 }] },
    })
  })

  it('counts its rows as the sheet does, where it begins late and has gaps', async () => {
    const sheet = sheetXml([[], NAMES, rowOf(), [], [], rowOf({ IUD: 'A-2' }), [null, '  ']])
    const conversion = await convert(await xlsxOf(sheet))
    expect(conversion).toMatchObject({ preview: { rows: 2, first: [{ number: 3 }, { number: 6 }] } })
  })

  it.each<[string, Values, string, string]>([
    [
      'a number that lost digits',
      { codIuv: { v: '1.2000000000000119E+16' } },
      'codIuv=lostDigits',
      '1.2000000000000119E+16',
    ],
    [
      'a long number without exponent',
      { codIuv: { v: '12000000000000100' } },
      'codIuv=lostDigits',
      '12000000000000100',
    ],
    ['a code without its zeros', { capPagatore: { v: '118' } }, 'capPagatore=lostZeros', '118'],
    ['an error', { capPagatore: { t: 'e', v: '#N/A' } }, 'capPagatore=errorCell', '#N/A'],
    [
      'an error of a formula',
      { importoDovuto: { t: 'e', f: 'A1/0', v: '#DIV/0!' } },
      'importoDovuto=errorCell',
      '#DIV/0!',
    ],
    ['a formula without its value', { codIuv: { f: 'A1&B1' } }, 'codIuv=emptyFormula', ''],
    [
      'three decimals that the sheet hides',
      { importoDovuto: { v: '24.567' } },
      'importoDovuto=amountDecimals',
      '24.567',
    ],
    [
      'a day without its format',
      { dataEsecuzionePagamento: { v: '46112' } },
      'dataEsecuzionePagamento=daySerial',
      '46112',
    ],
    ['a code that became a day', { IUD: { s: 1, v: '46112' } }, 'IUD=becameDay', '31/03/2026'],
    [
      'a name that became a flag',
      { anagraficaPagatore: { t: 'b', v: '0' } },
      'anagraficaPagatore=becameFlag',
      'FALSO',
    ],
  ])(
    'with %s refuses that row alone, and no reader of the file can load it',
    async (_, values, fault, shown) => {
      const conversion = await convert(await xlsx([NAMES, rowOf(values), rowOf({ IUD: 'A-2' })]))
      const [bad, good] = linesOf(conversion)
      expect(bad!.split(';')).toHaveLength(23)
      expect(bad!.split(';').at(-1)).toBe(fault)
      expect(good).toBe(MADE.replace('A-1', 'A-2'))
      expect(conversion).toMatchObject({
        preview: {
          rows: 2,
          unread: 1,
          totalCents: 2450,
          unreadRows: [{ number: 2, faults: [{ value: shown }] }],
        },
      })
    },
  )

  it('gives the stored values of formulas, and a text that begins with "=" as it is', async () => {
    const values = {
      importoDovuto: { f: 'SUM(A1:A2)', v: '24.5' },
      IUD: { t: 'str', f: '"A"&"-1"', v: 'A-1' },
      causaleVersamento: '=1+1',
    }
    const [line] = linesOf(await convert(await xlsx([NAMES, rowOf(values)])))
    expect(line).toBe(MADE.replace('Mensa di ottobre', '=1+1'))
  })

  it('with merged cells has their value in the first of them, and the others are blank', async () => {
    const sheet = sheetXml(
      [NAMES, rowOf(), rowOf({ IUD: null })],
      '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>',
    )
    const [, second] = linesOf(await convert(await xlsxOf(sheet)))
    expect(second).toBe(MADE.replace('A-1', ''))
  })

  it.each([
    ['46111.999999999', '2026-03-31'],
    ['46112.000000001', '2026-03-31'],
    ['46112.9', '2026-03-31'],
  ])('with the day %s has the day %s, whatever the noise of its arithmetic', async (v, day) => {
    const [line] = linesOf(
      await convert(await xlsx([NAMES, rowOf({ dataEsecuzionePagamento: { s: 1, v } })])),
    )
    expect(line).toBe(MADE.replace('2026-03-31', day))
  })

  it('of the calendar that begins in 1904 has the same days', async () => {
    const bytes = await xlsxOf(sheetXml([NAMES, rowOf({ dataEsecuzionePagamento: { s: 1, v: '44650' } })]), {
      'xl/workbook.xml':
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="1"/><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
    })
    expect(linesOf(await convert(bytes))).toEqual([MADE])
  })

  it('keeps a second beneficiary, and refuses a value that has no column', async () => {
    const conversion = await convert(
      await xlsx([
        [...NAMES, 'flagMultiBeneficiario'],
        [...rowOf(), { t: 'b', v: '0' }],
      ]),
    )
    expect(conversion).toMatchObject({ kind: 'converted', format: '1_4' })
    expect(await convert(await xlsx([NAMES, [...rowOf(), 'una nota']]))).toEqual({
      kind: 'unnamed_column',
      name: 'N',
    })
  })
})

describe('a sheet that is refused as a whole', () => {
  const manyRows = (rows: number): Promise<Buffer> =>
    xlsx([NAMES, ...Array.from({ length: rows }, () => rowOf())])

  it('a workbook of 10,001 rows, and not one of 10,000', { timeout: 60_000 }, async () => {
    expect(await convert(await manyRows(10_001))).toEqual({ kind: 'too_many_rows', rows: 10_000 })
    expect(await convert(await manyRows(10_000))).toMatchObject({
      kind: 'converted',
      preview: { rows: 10_000 },
    })
  })

  it('a workbook with one value far below or far to the right, which would fill the memory', async () => {
    const far = (r: string, row: number): string =>
      sheetXml([NAMES, rowOf()]).replace(
        '</sheetData>',
        `<row r="${row}"><c r="${r}"><v>1</v></c></row></sheetData>`,
      )
    expect(await convert(await xlsxOf(far('A1048576', 1_048_576)))).toMatchObject({ kind: 'too_many_rows' })
    expect(await convert(await xlsxOf(far('XFD3', 3)))).toEqual({ kind: 'too_wide' })
  })

  it('an archive that unpacks to far more than it is', async () => {
    const blank = '<c r="A1"/>'.repeat(8_000_000)
    const bytes = await xlsxOf(sheetXml([]).replace('<sheetData>', `<sheetData>${blank}`))
    expect(bytes.length).toBeLessThan(1024 ** 2)
    expect(await convert(bytes)).toEqual({ kind: 'too_big' })
  })

  it.each<[string, SheetProblem['kind'], () => Buffer | Promise<Buffer>]>([
    ['an old workbook or one with a password', 'old_format', () => Buffer.from('d0cf11e0a1b11ae1', 'hex')],
    ['an archive of something else', 'archive', () => zipOf({ 'C_Q999-A-1_3.csv': 'IUD' })],
    ['an archive that is cut', 'broken', async () => (await xlsx([NAMES, rowOf()])).subarray(0, 900)],
    ['XML that is no XML', 'broken', () => xlsxOf('<worksheet><sheetData>')],
    [
      'XML with entities of its own',
      'broken',
      () => xlsxOf(`<!DOCTYPE a [<!ENTITY b "c">]>${sheetXml([]).replace('<sheetData>', '<sheetData>&b;')}`),
    ],
    [
      'a workbook without a sheet',
      'broken',
      () => xlsxOf('', { 'xl/_rels/workbook.xml.rels': '<Relationships/>' }),
    ],
    ['nothing', 'empty', () => Buffer.alloc(0)],
    ['a header alone', 'no_rows', () => xlsx([NAMES])],
    ['a title above the header', 'unknown_column', () => xlsx([['Mensa di ottobre'], NAMES, rowOf()])],
    ['bytes that are no text', 'not_sheet', () => Buffer.from([0, 1, 2, 3])],
    ['quotes that are left open', 'bad_quotes', () => Buffer.from(`${NAMES.join(';')}\n"A-1;;F`)],
  ])('%s', async (_, kind, bytes) => {
    expect(await convert(await bytes())).toMatchObject({ kind })
  })
})

describe('a CSV that a spreadsheet saved', () => {
  const fields = (values: Record<string, string> = {}): string[] =>
    NAMES.map(
      (name) =>
        ({
          ...(GOOD as Record<string, string>),
          codIuv: '',
          dataEsecuzionePagamento: '31/03/2026',
          importoDovuto: '24,50',
          flgGeneraIuv: 'VERO',
          ...values,
        })[name] ?? '',
    )
  const made = MADE.replace('24.5;', '24.50;')
  const csv = (rows: string[][], separator = ';', end = '\r\n'): string =>
    [NAMES, ...rows].map((row) => row.join(separator) + end).join('')

  it.each([
    [
      'Windows-1252',
      iconv.encode(csv([fields({ causaleVersamento: 'L’asilo, 5 € – perché' })]), 'windows-1252'),
    ],
    ['UTF-8', Buffer.from(csv([fields({ causaleVersamento: 'L’asilo, 5 € – perché' })]))],
    [
      'UTF-8 with its mark',
      Buffer.from(`\ufeff${csv([fields({ causaleVersamento: 'L’asilo, 5 € – perché' })])}`),
    ],
    [
      'the Unicode text of Excel',
      iconv.encode(`\ufeff${csv([fields({ causaleVersamento: 'L’asilo, 5 € – perché' })], '\t')}`, 'utf16le'),
    ],
  ])('in %s keeps every letter', async (_, bytes) => {
    expect(linesOf(await convert(bytes))).toEqual([made.replace('Mensa di ottobre', 'L’asilo, 5 € – perché')])
  })

  it('may have commas between its fields, a line that says the separator, and line ends in quotes', async () => {
    const row = fields({ importoDovuto: '"24,50"', causaleVersamento: '"Mensa\r\ndi ottobre"' })
    expect(linesOf(await convert(csv([row], ',')))).toEqual([made])
    expect(linesOf(await convert(`sep=,\r\n${csv([row], ',')}`))).toEqual([made])
    expect(linesOf(await convert(csv([fields({ causaleVersamento: '"Mensa; ""di ottobre"""' })])))).toEqual([
      made.replace('Mensa di ottobre', '"Mensa; ""di ottobre"""'),
    ])
  })

  it('refuses the rows in which the spreadsheet shows a number that lost digits', async () => {
    const [line] = linesOf(await convert(csv([fields({ codIuv: '1,2E+16' })])))
    expect(line!.endsWith(';codIuv=lostDigits')).toBe(true)
  })

  it('that is a workbook under a wrong name is read as a workbook', async () => {
    expect(linesOf(await convert(await xlsx([NAMES, rowOf()])))).toEqual([MADE])
  })
})
