import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cents,
  formatEuro,
  MAX_NOTICE_AMOUNT,
  MAX_IMPORTO,
  parseImporto,
  parseTypedImporto,
  sumCents,
  wireImporto,
} from './money.ts'

const anyAmount = fc.integer({ min: 1, max: MAX_IMPORTO }).map(cents)

describe('cents', () => {
  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses %s', (n) => {
    expect(() => cents(n)).toThrow(RangeError)
  })

  it('adds without losing a cent', () => {
    expect(sumCents([cents(10), cents(20), MAX_IMPORTO])).toBe(MAX_IMPORTO + 30)
    expect(sumCents([])).toBe(0)
  })
})

describe('amounts of messages', () => {
  it.each([
    ['0.01', 1],
    ['0.00', 0],
    ['10.50', 1050],
    ['4.35', 435],
    ['999999999.99', 99_999_999_999],
  ])('reads %s', (text, expected) => {
    expect(parseImporto(text)).toBe(expected)
  })

  it.each([
    '10.5',
    '10,50',
    '10',
    '1e3',
    '-1.00',
    '+1.00',
    ' 1.00',
    '1.00\n',
    '',
    '1.000.00',
    '1000000000.00',
    '٣.٠٠',
  ])('refuses %j', (text) => {
    expect(() => parseImporto(text)).toThrow(expect.objectContaining({ code: 'IMPORTO_MALFORMED' }))
  })

  it('keeps a hostile text out of the details of the error', () => {
    expect(() => parseImporto('9'.repeat(10_000))).toThrow(
      expect.objectContaining({ details: { text: '9'.repeat(20) } }),
    )
  })

  it('writes what it reads', () => {
    fc.assert(fc.property(anyAmount, (amount) => parseImporto(wireImporto(amount)) === amount))
  })
})

describe('amounts people type', () => {
  it.each([
    ['10', 1000],
    ['10,5', 1050],
    ['10,50', 1050],
    ['0,01', 1],
    ['0,1', 10],
    [' 10,50 ', 1050],
    ['1.234,50', 123_450],
    ['1.234', 123_400],
    ['1234,50', 123_450],
    ['99.999.999,99', 9_999_999_999],
    ['99999999,99', 9_999_999_999],
  ])('reads %s', (text, importo) => {
    expect(parseTypedImporto(text, MAX_NOTICE_AMOUNT)).toEqual({ ok: true, importo })
  })

  it.each([
    ['10.5', 'malformed'],
    ['10.50', 'malformed'],
    ['1e3', 'malformed'],
    ['-1', 'malformed'],
    ['+1', 'malformed'],
    ['', 'malformed'],
    ['   ', 'malformed'],
    [',50', 'malformed'],
    ['10,', 'malformed'],
    ['10,505', 'malformed'],
    ['1.23,50', 'malformed'],
    ['1234.567,00', 'malformed'],
    ['0.123,00', 'malformed'],
    ['007', 'malformed'],
    ['10 €', 'malformed'],
    ['1 000', 'malformed'],
    ['0x10', 'malformed'],
    ['１０', 'malformed'],
    ['0', 'zero'],
    ['0,00', 'zero'],
    ['100000000', 'too_big'],
    ['100.000.000,00', 'too_big'],
    ['9'.repeat(400), 'too_big'],
  ])('refuses %j as %s', (text, reason) => {
    expect(parseTypedImporto(text, MAX_NOTICE_AMOUNT)).toEqual({ ok: false, reason })
  })

  it('goes up to the limit of the messages where no notice can be printed', () => {
    expect(parseTypedImporto('999999999,99', MAX_IMPORTO)).toEqual({ ok: true, importo: MAX_IMPORTO })
    expect(parseTypedImporto('1000000000', MAX_IMPORTO)).toEqual({ ok: false, reason: 'too_big' })
  })

  it('reads what it prints', () => {
    fc.assert(
      fc.property(anyAmount, (importo) => {
        expect(parseTypedImporto(formatEuro(importo).replace(' €', ''), MAX_IMPORTO)).toEqual({
          ok: true,
          importo,
        })
      }),
    )
  })

  it('never throws and never gives an amount outside the limits', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const typed = parseTypedImporto(text, MAX_NOTICE_AMOUNT)
        expect(!typed.ok || (typed.importo > 0 && typed.importo <= MAX_NOTICE_AMOUNT)).toBe(true)
      }),
    )
  })
})

describe('amounts people read', () => {
  it.each([
    [0, '0,00 €'],
    [5, '0,05 €'],
    [1050, '10,50 €'],
    [99_999, '999,99 €'],
    [100_000, '1.000,00 €'],
    [123_450, '1.234,50 €'],
    [99_999_999_999, '999.999.999,99 €'],
  ])('prints %d cents as %s', (amount, text) => {
    expect(formatEuro(cents(amount))).toBe(text)
  })
})
