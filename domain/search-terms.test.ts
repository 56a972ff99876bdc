import { expect, it } from 'vitest'
import { personIn, readTerms, type SearchPart } from './search-terms.ts'

const TODAY = '2026-11-30'

/** A part in short: its kind, and what it stands for. */
const short = (part: SearchPart): string => {
  if (part.kind === 'amount') return `amount ${part.cents}`
  if (part.kind === 'number') return `number ${part.text} ${part.cents}`
  return part.kind === 'day' ? `day ${part.days.join(' ')}` : `${part.kind} ${part.text}`
}

it.each([
  ['3 12 000000000000 171', ['code 312000000000000171']],
  ['22000000000000171', ['code 22000000000000171']],
  ['RF18539007547034', ['code RF18539007547034']],
  ['0191a9f0-0000-7000-8000-000000000000', ['code 0191a9f0-0000-7000-8000-000000000000']],
  ['bncchr85h52m999m', ['fiscalCode BNCCHR85H52M999M']],
  ['99999902028', ['fiscalCode 99999902028']],
  ['Chiara@Example.org', ['email chiara@example.org']],
  ['21,75', ['amount 2175']],
  ['21.75', ['amount 2175']],
  ['21.7', ['amount 2170']],
  ['1.234', ['amount 123400']],
  ['1.234,50 €', ['amount 123450']],
  ['50', ['number 50 5000']],
  ['50€', ['amount 5000']],
  ['50 euro', ['number 50 5000']],
  ['1234567', ['code 1234567']],
  ['1/3/2026', ['day 2026-03-01']],
  ['oggi', ['day 2026-11-30']],
  ['Ieri', ['day 2026-11-29']],
  ['30/11', ['day 2025-11-30 2026-11-30 2027-11-30']],
  ['29/2', ['code 29/2']],
  ['31/11', ['code 31/11']],
  ['Bianchi Chiara 21,75', ['word Bianchi', 'word Chiara', 'amount 2175']],
  ['bianchi 29/11/2026 21,75€', ['word bianchi', 'day 2026-11-29', 'amount 2175']],
  ['tari rata 2 euro', ['word tari', 'word rata', 'number 2 200']],
  ["D'Angelo", ["word D'Angelo"]],
  ['euro', ['word euro']],
  ['  ', []],
])('%s', (text, parts) => {
  expect(readTerms(text, TODAY).map(short)).toEqual(parts)
})

it('names the person who is searched for', () => {
  const person = (text: string) => personIn(readTerms(text, TODAY))
  expect(person('Chiara Bianchi 21,75 oggi')).toBe('Chiara Bianchi')
  expect(person('BNCCHR85H52M999M')).toBe('BNCCHR85H52M999M')
  expect(person('21,75')).toBeUndefined()
  expect(person('%%')).toBeUndefined()
})
