import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import vectors from '../test/fixtures/vectors.json' with { type: 'json' }
import { MAX_CAUSALE, plainCausale, readableCausale, rptCausale } from './causale.ts'
import { cents, parseImporto } from './money.ts'

describe('causale of an RPT', () => {
  it.each(vectors.causale)('$causale', ({ iuv, importo, testo, causale }) => {
    expect(rptCausale({ iuv, importo: parseImporto(importo), text: testo })).toBe(causale)
  })

  it('carries amount and text as the nodo wants them', () => {
    const item = { iuv: '01000000000123468', importo: cents(15050), text: 'MENSA SCOLASTICA' }
    expect(rptCausale(item)).toBe('/RFB/01000000000123468/150.50/TXT/MENSA SCOLASTICA')
  })

  it('writes an RF IUV without blanks', () => {
    const item = { iuv: 'RF45120100000000000420000', importo: cents(1), text: 'Diritti' }
    expect(rptCausale(item)).toBe('/RFS/RF45120100000000000420000/0.01/TXT/Diritti')
  })

  it('a text of which nothing remains leaves no empty /TXT/', () => {
    const item = { iuv: '01000000000123468', importo: cents(1), text: ' €€ ' }
    expect(rptCausale(item)).toBe('/RFB/01000000000123468/0.01')
  })

  it('stays within its length and its characters whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const causale = rptCausale({ iuv: '01000000000123468', importo: cents(99_999_999_999), text })
        expect(causale.length).toBeLessThanOrEqual(MAX_CAUSALE)
        expect(causale).toMatch(/^[a-zA-Z0-9 /\-?:().,'+]*$/)
      }),
    )
  })
})

describe('plain text', () => {
  it.each([
    ['Città di Forlì – è così', 'Citta di Forli - e cosi'],
    ['Straße & Co.', 'Strasse   Co.'],
    ['a\r\nb', 'a b'],
  ])('%j', (text, plain) => {
    expect(plainCausale(text)).toBe(plain)
  })
})

describe('causale that people read', () => {
  it.each([
    ['/RFB/01000000000123468/150.50/TXT/MENSA SCOLASTICA', 'MENSA SCOLASTICA'],
    ['/RFB/01000000000123468/TXT/A/TXT/B', 'A/TXT/B'],
    ['/RFS/RF18539007547034/24.50', '/RFS/RF18539007547034/24.50'],
    ['Canone 2025', 'Canone 2025'],
  ])('%s', (causale, readable) => {
    expect(readableCausale(causale)).toBe(readable)
  })
})
