import { describe, expect, it } from 'vitest'
import vectors from '../test/fixtures/vectors.json' with { type: 'json' }
import { isCodiceFiscale, isFiscalId, isPartitaIva, normalizeFiscalId } from './codice-fiscale.ts'

const PERSON = 'BNCCHR85H52M999M'
const BODY = '99999900014'

describe('codice fiscale', () => {
  it.each(vectors.codice_fiscale.valid)('$cf is one', ({ cf }) => {
    expect(isCodiceFiscale(cf)).toBe(true)
  })

  it.each(vectors.codice_fiscale.invalid)('$cf is not: $why', ({ cf }) => {
    expect(isCodiceFiscale(cf)).toBe(false)
  })

  it.each(['', PERSON.toLowerCase(), `${PERSON} `, `${PERSON}\n`, '99999900014'])('%j is not', (code) => {
    expect(isCodiceFiscale(code)).toBe(false)
  })

  it('a wrong letter or digit anywhere is noticed', () => {
    for (let place = 0; place < PERSON.length; place++) {
      const changed = PERSON[place] === 'B' ? 'C' : 'B'
      expect(isCodiceFiscale(PERSON.slice(0, place) + changed + PERSON.slice(place + 1))).toBe(false)
    }
  })
})

describe('partita IVA', () => {
  it.each(vectors.partita_iva.valid)('%s is one', (code) => {
    expect(isPartitaIva(code)).toBe(true)
  })

  it.each(vectors.partita_iva.invalid)('%s is not', (code) => {
    expect(isPartitaIva(code)).toBe(false)
  })
})

describe('fiscal identifier', () => {
  it.each([
    ['F', PERSON, true],
    ['F', BODY, true],
    ['G', BODY, true],
    ['G', PERSON, false],
    ['F', 'ANONIMO', false],
  ] as const)('kind %s, %s: %s', (kind, code, expected) => {
    expect(isFiscalId(kind, code)).toBe(expected)
  })

  it('forgives blanks and small letters where people type', () => {
    expect(normalizeFiscalId(' bncchr 85h52 m999m ')).toBe(PERSON)
  })
})
