import { expect, it } from 'vitest'
import { numberInSheet, NumberKeeper } from './numbers.ts'

const keptOf = (...inSheet: number[]) => {
  const keeper = new NumberKeeper()
  for (const number of inSheet) keeper.take(number)
  return keeper.numbers
}

it('a sheet without blank rows needs one pair', () => {
  expect(keptOf(2, 3, 4)).toEqual([[1, 2]])
})

it('every row has its number of the sheet, whatever blank rows stand between', () => {
  const inSheet = [3, 4, 7, 8, 12]
  const numbers = keptOf(...inSheet)
  expect(inSheet.map((_, at) => numberInSheet(numbers, at + 1))).toEqual(inSheet)
})

it('a file that came from no sheet keeps its numbers', () => {
  expect(numberInSheet(null, 21)).toBe(21)
})
