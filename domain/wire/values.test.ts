import { describe, expect, it } from 'vitest'
import { bytesOf, centsOf, dayOf, isTrue, pageUrlOf, romeTimeOf } from './values.ts'
import { readTree } from './xml-tree.ts'

const of = (text: string) => readTree(`<r><v>${text}</v></r>`)

describe('values of schema types', () => {
  it.each([
    ['10.50', 1050],
    [' 10.50', 1050],
    ['\n\t10.50 ', 1050],
    ['00000000000010.50', 1050],
    ['0.50', 50],
    ['000.00', 0],
    ['999999999.99', 99_999_999_999],
  ])('the amount %j is %d cents', (text, cents) => {
    expect(centsOf(of(text), 'v')).toBe(cents)
  })

  it.each(['10.5', '10,50', '', '1 0.50', '-1.00', '+1.00', '1e3', '9999999999.99'])(
    'the amount %j is none',
    (text) => {
      expect(() => centsOf(of(text), 'v')).toThrow('IMPORTO_MALFORMED')
    },
  )

  it.each([
    ['2026-01-10', '2026-01-10'],
    [' 2026-01-10 ', '2026-01-10'],
    ['2026-01-10Z', '2026-01-10'],
    ['2026-01-10+14:00', '2026-01-10'],
    ['2024-02-29-05:00', '2024-02-29'],
  ])('the day %j is %s', (text, day) => {
    expect(dayOf(of(text), 'v')).toBe(day)
  })

  it.each(['12026-01-10', '-2026-01-10', '2026-02-30', '2026-01', ''])('the day %j is none', (text) => {
    expect(() => dayOf(of(text), 'v')).toThrow(RangeError)
  })

  it.each([
    ['2026-01-10T10:05:00', '2026-01-10T10:05:00'],
    [' 2026-01-10T10:05:00.123456789 ', '2026-01-10T10:05:00'],
    ['2026-01-10T10:05:00Z', '2026-01-10T11:05:00'],
    ['2026-07-10T10:05:00Z', '2026-07-10T12:05:00'],
    ['2026-01-10T23:30:00.5-01:00', '2026-01-11T01:30:00'],
    ['2026-01-10T24:00:00', '2026-01-11T00:00:00'],
    // An hour that does not exist in Rome: without an offset the time is kept as it was written.
    ['2026-03-29T02:30:00', '2026-03-29T02:30:00'],
  ])('the instant %j is %s in Rome', (text, time) => {
    expect(romeTimeOf(of(text), 'v')).toBe(time)
  })

  it.each(['12026-01-10T10:05:00', '-2026-01-10T10:05:00', 'ieri'])('the instant %j is none', (text) => {
    expect(() => romeTimeOf(of(text), 'v')).toThrow(RangeError)
  })

  it('base64 may have blanks anywhere, a boolean around it', () => {
    expect(Buffer.from(bytesOf(of(' PF JU\n Pg==\t'), 'v')).toString()).toBe('<RT>')
    expect([' true ', '1', 'false', '0', ''].map((text) => isTrue(of(text), 'v'))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it('the address of a page is http or https, or none', () => {
    expect(pageUrlOf(of(' https://nodo.example/p?a=1&amp;b=2 '), 'v')).toBe('https://nodo.example/p?a=1&b=2')
    expect(pageUrlOf(of('nodo'), 'v')).toBeNull()
    expect(pageUrlOf(readTree('<r/>'), 'v')).toBeNull()
  })
})
