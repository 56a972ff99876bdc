import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { centsOf } from './amount.ts'
import { parseExact } from './exact-json.ts'
import { readPaymentsPage } from './page.ts'
import { rowOfRest } from './row.ts'

describe('an amount is read digit by digit', () => {
  it.each([
    ['10.50', 1050],
    ['10.5', 1050],
    ['10', 1000],
    ['0.01', 1],
    ['4.35', 435],
    ['0', 0],
    ['-0.00', 0],
    ['-12.30', -1230],
    ['10.500', 1050],
    ['0010.50', 1050],
    ['1.23456789E7', 1_234_567_890],
    ['1e3', 100_000],
    ['1E-2', 1],
    ['999999999.99', 99_999_999_999],
    [' 10.50 ', 1050],
    ['9999999999999.99', 999_999_999_999_999],
  ])('%s', (text, cents) => {
    expect(centsOf(text)).toBe(cents)
  })

  it.each([
    '10.505',
    '0.001',
    '1E-3',
    '0.30000000000000004',
    '10,50',
    '',
    'ten',
    '1e99',
    '10.',
    '.5',
    '+1',
    '0x10',
    '1 000',
    '99999999999999.99',
  ])('"%s" is no number of cents', (text) => {
    expect(centsOf(text)).toBeUndefined()
  })

  it('whatever cents are written, the same cents are read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (cents) => {
        const text = `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
        expect(centsOf(text)).toBe(cents)
        expect(rowOfRest(parseExact(`{"pay": ${text}}`), 1).importoCents).toBe(cents)
      }),
    )
  })
})

describe('JSON keeps its numbers as texts', () => {
  it.each([
    ['{"a": 10.10}', { a: '10.10' }],
    ['[0.30000000000000001, -1E+2]', ['0.30000000000000001', '-1E+2']],
    ['{"a": "say \\"1.0\\" \\\\", "b": true, "c": null}', { a: 'say "1.0" \\', b: true, c: null }],
    ['{"1": {"2": 3}}', { 1: { 2: '3' } }],
  ])('%s', (text, parsed) => {
    expect(parseExact(text)).toEqual(parsed)
  })

  it.each(['', '{', '01', '{"a": 1.}', "{'a': 1}", '1 2'])('"%s" is no JSON', (text) => {
    expect(() => parseExact(text)).toThrow(SyntaxError)
  })

  it('every JSON is the same but for its numbers', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const texts = JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
          typeof one === 'number' ? JSON.stringify(one) : one,
        ) as unknown
        expect(parseExact(JSON.stringify(value))).toEqual(texts)
      }),
    )
  })
})

const rest = {
  index: 3,
  iuv: '01000000000123468',
  iur: 'IUR1',
  idTransfer: 2,
  pay: '10.50',
  payStatus: 'EXECUTED',
  payDate: '2026-03-31T22:30:00Z',
}
const read = {
  position: 3,
  iuv: '01000000000123468',
  iur: 'IUR1',
  transferIndex: 2,
  importoCents: 1050,
  amountText: null,
  code: 'EXECUTED',
  paidOn: '2026-04-01',
  faults: [],
}

describe('a row of the JSON form', () => {
  it('is read, its instant as the day of Rome', () => {
    expect(rowOfRest({ ...rest, somethingNew: [] }, 1)).toEqual(read)
    expect(rowOfRest({ ...rest, payDate: '2026-04-01' }, 1)).toEqual(read)
  })

  it.each([
    ['iuv', { iuv: '' }, 'iuv'],
    ['iuv', { iuv: '01000000000123468'.repeat(3) }, 'iuv'],
    ['iur', { iur: null }, 'iur'],
    ['index of the transfer', { idTransfer: 'x' }, 'transferIndex'],
    ['index of the transfer', { idTransfer: 0 }, 'transferIndex'],
    ['amount', { pay: '10.505' }, 'importoCents'],
    ['amount', { pay: {} }, 'importoCents'],
    ['amount with a minus', { pay: '-10.50' }, 'importoCents'],
    ['code', { payStatus: undefined }, 'code'],
    ['day', { payDate: '2026-02-30' }, 'paidOn'],
    ['day', { payDate: '2026-02-30T10:00:00Z' }, 'paidOn'],
    ['day', { payDate: 'yesterday' }, 'paidOn'],
  ])('with an odd %s is a row with that fault: %o', (_field, given, fault) => {
    expect(rowOfRest({ ...rest, ...given }, 1).faults).toEqual([fault])
  })

  it('keeps the text of an amount that is none, and a code that nobody knows', () => {
    expect(rowOfRest({ ...rest, pay: '10.505', payStatus: 'PAID' }, 1)).toMatchObject({
      importoCents: null,
      amountText: '10.505',
      code: 'PAID',
    })
  })

  it('that is revoked has its amount without the minus', () => {
    expect(rowOfRest({ ...rest, pay: '-10.50', payStatus: 'REVOKED' }, 1).importoCents).toBe(1050)
  })

  it.each([null, 'text', 7, [], {}])('that is %o has its place and every fault', (row) => {
    expect(rowOfRest(row, 5)).toMatchObject({
      position: 5,
      faults: ['iuv', 'iur', 'importoCents', 'code', 'paidOn'],
    })
  })

  it('never holds the character that the database refuses', () => {
    expect(rowOfRest({ ...rest, iur: 'A\0B' }, 1).iur).toBe('A\u{fffd}B')
  })

  it('whatever it is, it is read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.object(), (row, fields) => {
        expect(rowOfRest(row, 1).position).toBe(1)
        expect(rowOfRest({ ...rest, ...fields }, 1).position).toBeGreaterThan(0)
      }),
    )
  })
})

describe('a page of payments', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)

  it('gives its rows, numbered on from the pages before where they have no number', () => {
    const page = bytes(
      '{"metadata": {"totPage": 4}, "count": 2, "data": [{"pay": 0.10}, {"index": 9, "pay": 1E1}, 7]}',
    )
    const { pages, rows } = readPaymentsPage(page, 1000)
    expect(pages).toBe(4)
    expect(rows.map(({ position, importoCents }) => [position, importoCents])).toEqual([
      [1001, 10],
      [9, 1000],
      [1003, null],
    ])
  })

  it('may not say how many pages there are', () => {
    expect(readPaymentsPage(bytes('{"data": []}'))).toEqual({ pages: null, rows: [] })
    expect(readPaymentsPage(bytes('{"metadata": 1, "data": []}'))).toEqual({ pages: null, rows: [] })
  })

  it.each(['', '<xml/>', '[]', '{"data": {}}', '{"data": [1'])('"%s" is none', (text) => {
    expect(() => readPaymentsPage(bytes(text))).toThrow()
  })

  it('in another encoding is none', () => {
    expect(() => readPaymentsPage(Uint8Array.of(0x22, 0xe8, 0x22))).toThrow()
  })
})
