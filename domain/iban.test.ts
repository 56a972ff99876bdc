import { describe, expect, it } from 'vitest'
import vectors from '../test/fixtures/vectors.json' with { type: 'json' }
import { isIban, normalizeIban } from './iban.ts'

const { valid, invalid_by_check_digits: invalid } = vectors.iban

describe('IBAN', () => {
  it.each(valid)('%s is one', (iban) => {
    expect(isIban(iban)).toBe(true)
  })

  it.each(invalid)('%s is not', (iban) => {
    expect(isIban(iban)).toBe(false)
  })

  it.each(['', 'it60x0542811101000000123456', 'IT60 X054 2811 1010 0000 0123 456'])('%j is not', (iban) => {
    expect(isIban(iban)).toBe(false)
  })

  it('with a wrong CIN is refused although its check digits are right', () => {
    expect(isIban('IT61H9999912345000000000001')).toBe(true)
    expect(isIban('IT28X9999912345000000000001')).toBe(false)
  })

  it('of another country is refused, because the node does not accept it', () => {
    expect(isIban('DE89370400440532013000')).toBe(false)
  })

  it('forgives blanks and small letters where people type', () => {
    expect(normalizeIban(' it60 x054 2811 1010 0000 0123 456')).toBe('IT60X0542811101000000123456')
  })
})
