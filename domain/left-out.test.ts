import { expect, it } from 'vitest'
import { leftOut } from './left-out.ts'

it.each([
  ['-BUONO', '', ['BUONO']],
  ['LUCI -BUONO 2026', 'LUCI 2026', ['BUONO']],
  ['–buono −pasto LUCI', 'LUCI', ['buono', 'pasto']],
  ['-à', '', ['à']],
  ['-12', '', ['12']],
  ['-"BUONO"', '', ['"BUONO"']],
])('%j leaves words out', (typed, text, without) => {
  expect(leftOut(typed)).toEqual({ text, without })
})

it.each(['', '-', 'TARI - rata 1', 'LUCI-2026', '-- x', 'a -. b'])('%j leaves nothing out', (typed) => {
  expect(leftOut(typed)).toEqual({ text: typed, without: [] })
})
