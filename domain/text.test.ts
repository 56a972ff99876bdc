import { describe, expect, it } from 'vitest'
import { iudOf } from './iud.ts'
import { isPlainText } from './text.ts'

/** A character by its code point. */
const c = (code: number): string => String.fromCodePoint(code)
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at)

describe('a text that can be seen', () => {
  it.each([
    '',
    'Comune di Forlì',
    'L’ora è 10:30 – 5 €',
    'Bolzano/Bozen',
    'Šmarje',
    'Αθήνα',
    '北京',
    '😀',
    'a\u00a0b',
    'e\u0301',
  ])('is %j', (text) => {
    expect(isPlainText(text)).toBe(true)
  })

  it.each([
    [
      'control characters, line ends and tabs among them',
      [...range(0, 0x1f), ...range(0x7f, 0x9f), 0x2028, 0x2029],
    ],
    ['marks of direction', [0x200e, 0x200f, 0x061c, ...range(0x202a, 0x202e), ...range(0x2066, 0x2069)]],
    ['characters without width', [0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0x00ad, 0x034f, 0x3164, 0xfe0f]],
    ['tags, private and unassigned characters', [0xe0041, 0xe000, 0x0378, 0xffff]],
    ['halves of characters', [0xd800, 0xdfff]],
  ])('holds no %s', (_, codes) => {
    const plain = codes.filter((code) => isPlainText(`a${c(code)}b`))
    expect(plain.map((code) => code.toString(16))).toEqual([])
  })
})

it('two IUDs that look the same are the same', () => {
  expect(iudOf('e\u0300-1')).toBe('\u00e8-1')
  expect(iudOf('\u00e8-1')).toBe('\u00e8-1')
  expect(iudOf('\u212b')).toBe(iudOf('A\u030a'))
  expect(iudOf('E-1')).not.toBe(iudOf('e-1'))
})
