import { expect, it } from 'vitest'
import {
  notFoundReject,
  STATE_REJECTS,
  structureReject,
  unreadableLine,
  unreadableText,
  VALUE_RULES,
  valueReject,
  type StateError,
  type ValueError,
} from '../../../domain/flow/reject.ts'
import { remediesOf, stateRemedy, valueRemedy } from './reject-remedies.ts'

const VALUES = Object.keys(VALUE_RULES) as ValueError[]
const STATES = Object.keys(STATE_REJECTS) as StateError[]

it.each(VALUES)('a row refused for %s says what to do', (error) => {
  expect(remediesOf(valueReject([error]))).toContain(valueRemedy(error))
})

it('a row with several faults says what to do about each', () => {
  expect(remediesOf(valueReject(['iud', 'email', 'bilancio']))).toEqual([
    valueRemedy('iud'),
    valueRemedy('email'),
    valueRemedy('bilancio'),
  ])
})

it.each(STATES)('a row refused by what is there already says what to do: %s', (error) => {
  expect(remediesOf(STATE_REJECTS[error])).toContain(stateRemedy(error))
})

it('a row that changes what is not there', () => {
  expect(remediesOf(notFoundReject('X-1', 'C_Q999'))).toEqual([stateRemedy('notFound')])
})

it.each([
  [
    '|COD_IUD TROPPO GRANDE|IMPORTO_DOVUTO NON CONFROME: 24,50',
    ['Accorcialo.', 'Scrivilo come 24.50, senza segno e senza separatore delle migliaia.'],
  ],
  ['|dataScadenzaPagamento:wrong DATE pattern or wrong DATE data', ['Scrivila come 2026-03-31.']],
  ['|FLAG_GENERA_IUV NON CONFORME', ['Scrivi true o false.']],
  ['|CAUSALE_VERSAMENTO NON CONFORME', ['Cancella il testo e riscrivilo a mano.']],
])('a row whose form is wrong: %s', (text, remedies) => {
  expect(remediesOf(structureReject(text))).toEqual(remedies)
})

it('a row that cannot be read, and one that is no UTF-8', () => {
  expect(remediesOf(unreadableLine())[0]).toContain('chiudi le virgolette')
  expect(remediesOf(unreadableText())[0]).toContain('CSV UTF-8')
})
