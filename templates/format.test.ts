import { describe, expect, it } from 'vitest'
import { addressLine, oneLine, personKind, receiptFileName } from './format.ts'

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
    expect(addressLine({})).toBe('')
  })

  it('a value stays on its line', () => {
    expect(oneLine(' Comune\r\nBcc: a@b.example\u2028\u0000fine ')).toBe('Comune Bcc: a@b.example fine')
  })

  it('a receipt is named after ente and IUV', () => {
    expect(receiptFileName({ domain: '99999901012', iuv: '11000000000000144' })).toBe(
      'MYPAY_RT_99999901012_11000000000000144.pdf',
    )
  })

  it('persons and bodies are told apart in words', () => {
    expect([personKind('F'), personKind('G')]).toEqual(['Persona fisica', 'Persona giuridica'])
  })
})
