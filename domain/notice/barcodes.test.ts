import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cents, MAX_NOTICE_AMOUNT } from '../money.ts'
import { dataMatrixText, qrText, type PostalNotice } from './barcodes.ts'

describe('the QR of a notice', () => {
  it.each([
    ['301000000000123468', '80007580279', 15_050, 'PAGOPA|002|301000000000123468|80007580279|15050'],
    ['301000000000123569', '80007580279', 123_456, 'PAGOPA|002|301000000000123569|80007580279|123456'],
    ['001012345678901234', '80007580279', 1000, 'PAGOPA|002|001012345678901234|80007580279|1000'],
    ['312000000000000119', '99999900014', 2450, 'PAGOPA|002|312000000000000119|99999900014|2450'],
    ['312000000000000119', '99999900014', 1, 'PAGOPA|002|312000000000000119|99999900014|01'],
    ['312000000000000119', '99999900014', 5, 'PAGOPA|002|312000000000000119|99999900014|05'],
  ])('%s %s %d', (noticeNumber, domain, amount, text) => {
    expect(qrText({ noticeNumber, domain, importo: cents(amount) })).toBe(text)
  })

  it.each([0, MAX_NOTICE_AMOUNT + 1])('refuses %d cents', (amount) => {
    const numbers = { noticeNumber: '301000000000123468', domain: '80007580279', importo: cents(amount) }
    expect(() => qrText(numbers)).toThrow(RangeError)
  })
})

const aNotice = (change: Partial<PostalNotice> = {}): PostalNotice => ({
  noticeNumber: '301000000000123468',
  domain: '80007580279',
  importo: cents(15_050),
  conto: '1234567890',
  payer: { codice: 'BNCCHR85H52M999M', name: 'Chiara Bianchi' },
  subject: 'Retta è già 50% - città/2026',
  ...change,
})

describe('the Data Matrix of Poste', () => {
  it('has 256 characters, each part at its place', () => {
    const text = dataMatrixText(aNotice())
    expect(text).toHaveLength(256)
    expect(text.slice(0, 13)).toBe('codfase=NBPA;')
    expect(text.slice(13, 63)).toBe('18301000000000123468' + '12001234567890' + '100000015050' + '3896')
    expect(text.slice(63, 77)).toBe('1P180007580279')
    expect(text.slice(77, 93)).toBe('BNCCHR85H52M999M')
    expect(text.slice(93, 133)).toBe('CHIARA BIANCHI'.padEnd(40))
    expect(text.slice(133, 243)).toBe('RETTA E GIA 50  - CITTA 2026'.padEnd(110))
    expect(text.slice(243)).toBe(`${' '.repeat(12)}A`)
  })

  it('writes typographic signs as plain ones and other Latin letters as their plain letter', () => {
    const text = dataMatrixText(
      aNotice({ payer: { codice: 'X', name: 'Łukasz Øster–D’Angelo' }, subject: 'Straße' }),
    )
    expect(text.slice(93, 133)).toBe('LUKASZ OSTER-D ANGELO'.replace(' A', "'A").padEnd(40))
    expect(text.slice(133, 243)).toBe('STRASSE'.padEnd(110))
  })

  it('writes cents without a thousands separator on both sides of 1.000 €', () => {
    expect(dataMatrixText(aNotice({ importo: cents(99_999) })).slice(49, 59)).toBe('0000099999')
    expect(dataMatrixText(aNotice({ importo: cents(125_075) })).slice(49, 59)).toBe('0000125075')
    expect(dataMatrixText(aNotice({ importo: MAX_NOTICE_AMOUNT })).slice(49, 59)).toBe('9999999999')
  })

  it('is 256 readable characters whatever people are called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 150 }),
        fc.string({ maxLength: 150 }),
        (name, subject) => {
          const text = dataMatrixText(aNotice({ payer: { codice: 'ANONIMO', name }, subject }))
          expect(text).toHaveLength(256)
          expect(text.slice(77)).toMatch(/^[0-9A-Z &',\-.:_]+$/)
        },
      ),
    )
  })
})
