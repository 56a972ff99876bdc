import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDay } from '../../calendar.ts'
import { FLOW_COLUMNS, type ColumnHeader } from '../columns.ts'
import { BLANK, type SheetCell, type SheetFault } from './cell.ts'
import { convertCell, shownCell } from './convert.ts'

const columnOf = (header: ColumnHeader) => FLOW_COLUMNS['1_4'].find((column) => column.header === header)!
const convert = (header: ColumnHeader, cell: SheetCell): string => {
  const converted = convertCell(columnOf(header), cell)
  return converted.ok ? converted.value : `!${converted.fault}`
}
const typed = (text: string): SheetCell => ({ kind: 'typed', text })
const shown = (text: string): SheetCell => ({ kind: 'shown', text })
const number = (text: string): SheetCell => ({ kind: 'number', text })
const refused = (fault: SheetFault): string => `!${fault}`

describe('an amount', () => {
  it.each([
    ['24', '24'],
    ['24.5', '24.5'],
    ['24.50', '24.50'],
    ['24,5', '24.5'],
    ['24,50', '24.50'],
    ['1.234,50', '1234.50'],
    ['1.234.567', '1234567'],
    ['1234567,89', '1234567.89'],
    ['€ 24,50', '24.50'],
    ['24,50 €', '24.50'],
    ['\u00a024,50\u00a0€\u00a0', '24.50'],
    ['0', '0'],
  ])('that is typed as "%s" becomes %s', (text, value) => {
    expect(convert('importoDovuto', typed(text))).toBe(value)
    expect(convert('importoDovuto', shown(text))).toBe(value)
  })

  it.each([
    ['1.234', 'amountGroups'],
    ['12.345', 'amountGroups'],
    ['24,567', 'amountDecimals'],
    ['24,5,0', 'amount'],
    ['1,234.50', 'amount'],
    ['12.34,50', 'amount'],
    ['-5', 'amount'],
    ['(5,00)', 'amount'],
    ['1e3', 'amount'],
    ['24.567', 'amountGroups'],
    ['1234.567', 'amount'],
    ['24,50 $', 'amount'],
    ['12345678901', 'amount'],
    ['dieci', 'amount'],
  ] as const)('that is typed as "%s" is refused: %s', (text, fault) => {
    expect(convert('importoDovuto', typed(text))).toBe(refused(fault))
  })

  it.each([
    ['24.5', '24.5'],
    ['1.1000000000000001', '1.1'],
    ['29.399999999999999', '29.4'],
    ['0.30000000000000004', '0.3'],
    ['1234567890.12', '1234567890.12'],
    ['2.45E+1', '24.5'],
    ['24.567', '!amountDecimals'],
    ['1.0049999999999999', '!amountDecimals'],
    ['-5', '!amount'],
    ['1E+21', '!amount'],
    ['12345678901', '!amount'],
    ['abc', '!amount'],
  ])('that a workbook stores as %s becomes %s', (text, value) => {
    expect(convert('importoDovuto', number(text))).toBe(value)
  })

  it('of any cents, written in the Italian way or stored as a double, is the same amount or refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (cents) => {
        const whole = Math.floor(cents / 100)
        const fraction = String(cents % 100).padStart(2, '0')
        const grouped = String(whole).replace(/\B(?=(\d{3})+$)/g, '.')
        for (const text of [`${whole},${fraction}`, `${grouped},${fraction}`, `${whole}.${fraction}`])
          expect(convert('importoDovuto', typed(text))).toBe(`${whole}.${fraction}`)
        expect(Number(convert('importoDovuto', number(String(cents / 100)))) * 100).toBeCloseTo(cents, 1)
      }),
    )
  })

  it('of any text is in the documented form or refused, and never has other digits', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'0123456789.,-€ eE+'), maxLength: 14 })
    fc.assert(
      fc.property(texts, (text) => {
        const value = convert('importoDovuto', typed(text))
        if (value === '' || value.startsWith('!')) return
        expect(value).toMatch(/^\d{1,10}(\.\d{1,2})?$/)
        expect(value.replaceAll('.', '')).toBe(text.replaceAll(/\D/g, ''))
        // What stands after the last separator stays behind it, or there was a group of three.
        const [, tail] = /[.,](\d{1,2})\D*$/.exec(text) ?? []
        if (tail !== undefined) expect(value.endsWith(`.${tail}`)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a day', () => {
  it.each([
    ['31/03/2026', '2026-03-31'],
    ['1/4/2026', '2026-04-01'],
    ['2026-03-31', '2026-03-31'],
    ['31/02/2026', '!day'],
    ['03/31/2026', '!day'],
    ['31/03/26', '!day'],
    ['domani', '!day'],
  ])('that is typed as %s becomes %s', (text, value) => {
    expect(convert('dataEsecuzionePagamento', typed(text))).toBe(value)
  })

  it('of a cell is the day of the cell; a number, an hour and a flag are none', () => {
    expect(convert('dataEsecuzionePagamento', { kind: 'day', day: '2026-03-31' })).toBe('2026-03-31')
    expect(convert('dataEsecuzionePagamento', number('46112'))).toBe(refused('daySerial'))
    expect(convert('dataEsecuzionePagamento', { kind: 'day', day: '1899-12-30' })).toBe(refused('day'))
    expect(convert('dataEsecuzionePagamento', { kind: 'flag', value: true })).toBe(refused('becameFlag'))
  })

  it('written in the Italian way is the same day', () => {
    const days = fc.date({ min: new Date('1900-03-01'), max: new Date('2400-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(days, (at) => {
        const day = at.toISOString().slice(0, 10)
        expect(convert('dataEsecuzionePagamento', typed(formatDay(day)))).toBe(day)
      }),
    )
  })
})

describe('a flag', () => {
  it.each([
    ['VERO', 'true'],
    ['falso', 'false'],
    ['Sì', 'true'],
    ['SI', 'true'],
    ['no', 'false'],
    ['TRUE', 'true'],
    ['x', '!flag'],
    ['1', '!flag'],
  ])('that is typed as %s becomes %s', (text, value) => {
    expect(convert('flgGeneraIuv', typed(text))).toBe(value)
  })

  it('of a cell is read in a column of flags only', () => {
    expect(convert('flgGeneraIuv', { kind: 'flag', value: false })).toBe('false')
    expect(convert('flgGeneraIuv', number('1'))).toBe(refused('flag'))
    expect(convert('anagraficaPagatore', { kind: 'flag', value: true })).toBe(refused('becameFlag'))
    expect(convert('anagraficaPagatore', typed('VERO'))).toBe('VERO')
  })
})

describe('a code', () => {
  it.each([
    ['codIuv', number('123456789012345'), '123456789012345'],
    ['codIuv', number('12000000000000100'), '!lostDigits'],
    ['codIuv', number('1.2000000000000119E+16'), '!lostDigits'],
    ['codIuv', typed('12000000000000119'), '12000000000000119'],
    ['codIuv', shown('12000000000000119'), '12000000000000119'],
    ['codIuv', shown('12000000000000100'), '!lostDigits'],
    ['codIuv', shown('1,2E+16'), '!lostDigits'],
    ['codIuv', shown('2000000000000119'), '!lostZeros'],
    ['IUD', number('1001'), '1001'],
    ['IUD', number('10.5'), '!fraction'],
    ['IUD', shown('1E5'), '!lostDigits'],
    ['IUD', shown('03-mag'), '!becameDay'],
    ['IUD', typed('03-mag'), '03-mag'],
    ['capPagatore', number('37100'), '37100'],
    ['capPagatore', number('118'), '!lostZeros'],
    ['capPagatore', shown('118'), '!lostZeros'],
    ['capPagatore', typed('00118'), '00118'],
    ['capPagatore', shown('SW1A 2AA'), 'SW1A 2AA'],
    ['codiceIdentificativoUnivoco', number('1234560009'), '!lostZeros'],
    ['codiceIdentificativoUnivoco', shown('01234560009'), '01234560009'],
    ['codiceIdentificativoUnivoco', shown('BNCCHR85H52M999M'), 'BNCCHR85H52M999M'],
    ['civicoPagatore', { kind: 'day', day: '2026-05-03' }, '!becameDay'],
    ['civicoPagatore', shown('mag-26'), '!becameDay'],
    ['causaleVersamento', shown('mag-26'), 'mag-26'],
    ['importoDovuto', { kind: 'day', day: '2026-05-03' }, '!becameDay'],
    ['causaleVersamento', typed(' Mensa\r\n ottobre\u00a02026 '), 'Mensa ottobre 2026'],
    ['capPagatore', { kind: 'error', text: '#N/A' }, '!errorCell'],
    ['capPagatore', { kind: 'empty_formula' }, '!emptyFormula'],
    ['capPagatore', BLANK, ''],
  ] as [ColumnHeader, SheetCell, string][])('in %s from %j becomes %s', (header, cell, value) => {
    expect(convert(header, cell)).toBe(value)
  })

  it('of digits alone, stored as a number, keeps every digit or is refused', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (digits) => {
        // A sheet keeps doubles of fifteen digits, and writes them as JavaScript does.
        const stored = String(Number(Number(digits).toPrecision(15)))
        const value = convert('IUD', number(stored))
        if (!value.startsWith('!')) expect(value).toBe(String(digits))
      }),
    )
  })

  it('that stays text in the sheet comes out character by character', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_./|-]{1,30}$/), (text) => {
        expect(convert('IUD', typed(text))).toBe(text)
      }),
    )
  })
})

it('says what a cell shows', () => {
  expect(shownCell({ kind: 'day', day: '2026-03-31' })).toBe('31/03/2026')
  expect(shownCell({ kind: 'flag', value: true })).toBe('VERO')
  expect(shownCell(BLANK)).toBe('')
})
