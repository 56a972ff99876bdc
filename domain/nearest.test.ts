import { expect, it } from 'vitest'
import { nearestCode } from './nearest.ts'

const CODES = ['TRASPORTO_SCOLASTICO', 'MENSA', 'LUCE_VOTIVA']

it.each([
  ['TRASPORTO_SCOL', 'TRASPORTO_SCOLASTICO'],
  ['mensa', 'MENSA'],
  ['MENZA', 'MENSA'],
  ['TARI', undefined],
  ['', undefined],
  ['X'.repeat(65), undefined],
])('%s was meant to be %s', (typed, code) => {
  expect(nearestCode(typed, CODES)).toBe(code)
})

it('does not choose between two that are as near', () => {
  expect(nearestCode('TASSA_C', ['TASSA_A', 'TASSA_B'])).toBeUndefined()
})
