import { expect, it } from 'vitest'
import { personIn, readTerms } from './search-terms.ts'

it.each([
  ['3 12 000000000000 171', { codes: ['312000000000000171'] }],
  ['22000000000000171', { codes: ['22000000000000171'] }],
  ['RF18539007547034', { codes: ['RF18539007547034'] }],
  ['0191a9f0-0000-7000-8000-000000000000', { codes: ['0191a9f0-0000-7000-8000-000000000000'] }],
  ['bncchr85h52m999m', { fiscalCodes: ['BNCCHR85H52M999M'] }],
  ['99999902028', { fiscalCodes: ['99999902028'] }],
  ['Chiara@Example.org', { emails: ['chiara@example.org'] }],
  ['21,75', { amounts: [2175] }],
  ['1.234,50 €', { amounts: [123_450] }],
  ['50', { amounts: [5000] }],
  ['1/3/2026', { days: ['2026-03-01'] }],
  ['Bianchi Chiara 21,75', { words: ['Bianchi', 'Chiara'], amounts: [2175] }],
  ['bianchi 29/11/2026 21,75€', { words: ['bianchi'], days: ['2026-11-29'], amounts: [2175] }],
  ["D'Angelo", { words: ["D'Angelo"] }],
  ['  ', {}],
])('%s', (text, terms) => {
  expect(readTerms(text)).toEqual({
    codes: [],
    fiscalCodes: [],
    emails: [],
    amounts: [],
    days: [],
    words: [],
    ...terms,
  })
})

it('names the person who is searched for', () => {
  expect(personIn(readTerms('Chiara Bianchi 21,75'))).toBe('Chiara Bianchi')
  expect(personIn(readTerms('BNCCHR85H52M999M'))).toBe('BNCCHR85H52M999M')
  expect(personIn(readTerms('21,75'))).toBeUndefined()
})
