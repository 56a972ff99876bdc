import { describe, expect, it } from 'vitest'
import { addressLine, dayText, instantText, oneLine, receiptFileName } from './format.ts'

describe('values that documents print', () => {
  it('an address leaves no comma for what is missing', () => {
    const whole = {
      indirizzo: 'Via Roma',
      civico: '24/A',
      cap: '31050',
      localita: 'Pieve',
      provincia: 'TV',
      nazione: 'IT',
    }
    expect(addressLine(whole)).toBe('Via Roma 24/A, 31050 Pieve (TV), IT')
    expect(addressLine({ localita: 'Pieve', nazione: '' })).toBe('Pieve')
    expect(addressLine({ nazione: 'IT' })).toBe('')
    expect(addressLine({})).toBe('')
  })

  it('a value stays on its line', () => {
    expect(oneLine(' Comune\r\nBcc: a@b.example\u2028\u0000fine ')).toBe('Comune Bcc: a@b.example fine')
  })

  it.each([
    ['2026-03-31', '31/03/2026'],
    ['2026-03-31+02:00', '31/03/2026'],
    ['2026-03-31Z', '31/03/2026'],
    ['-0044-03-15', '-0044-03-15'],
    ['12026-03-31', '12026-03-31'],
  ])('day %s of an RT is printed as %s', (day, text) => {
    expect(dayText(day)).toBe(text)
  })

  it.each([
    ['2026-03-31T10:15:00', '31/03/2026 10:15'],
    ['2026-03-31T08:15:00.123456Z', '31/03/2026 10:15'],
    ['2026-03-31T10:15:00+02:00', '31/03/2026 10:15'],
    ['2026-03-31T24:00:00', '01/04/2026 00:00'],
    ['12026-03-31T10:15:00', '12026-03-31T10:15:00'],
  ])('instant %s of an RT is printed as %s', (instant, text) => {
    expect(instantText(instant)).toBe(text)
  })

  it('a receipt is named after ente and IUV', () => {
    expect(receiptFileName({ domain: '99999901012', iuv: '11000000000000144' })).toBe(
      'MYPAY_RT_99999901012_11000000000000144.pdf',
    )
  })
})
