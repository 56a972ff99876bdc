import { expect, it } from 'vitest'
import { STATE_ERRORS, VALUE_ERRORS, type Reason, type ValueError } from '../../../domain/flow/reason.ts'
import { STATE_COLUMNS, VALUE_COLUMNS } from '../../../domain/flow/reason-columns.ts'
import { formRemedy, remediesOf, stateRemedy, valueRemedy } from './reject-remedies.ts'

const values = (...errors: ValueError[]): Reason[] => errors.map((error) => ({ kind: 'value', error }))

it.each(VALUE_ERRORS)('a row with the wrong value %s says what to do', (error) => {
  expect(remediesOf(values(error))).toEqual([`${VALUE_COLUMNS[error]}: ${valueRemedy(error)}`])
})

it('a row with several wrong values says what to do about each, in their order', () => {
  expect(remediesOf(values('iud', 'email', 'bilancio'))).toEqual(
    (['iud', 'email', 'bilancio'] as const).map((error) => `${VALUE_COLUMNS[error]}: ${valueRemedy(error)}`),
  )
})

it.each(STATE_ERRORS)('a row that does not fit the dues that exist says what to do: %s', (error) => {
  expect(remediesOf([{ kind: 'state', error }])).toEqual([`${STATE_COLUMNS[error]}: ${stateRemedy(error)}`])
})

it('a row that changes a due that does not exist says what to do', () => {
  expect(remediesOf([{ kind: 'state', error: 'notFound', iud: 'X-1', codIpa: 'C_Q999' }])).toEqual([
    `IUD: ${stateRemedy('notFound')}`,
  ])
})

it('two fields with the same fault have one remedy, which names both', () => {
  const tooLong = { kind: 'form', fault: 'tooLong' } as const
  expect(
    remediesOf([
      { ...tooLong, header: 'IUD' },
      { kind: 'form', fault: 'amount', header: 'importoDovuto', value: '24,50' },
      { ...tooLong, header: 'causaleVersamento' },
    ]),
  ).toEqual([
    'IUD, causaleVersamento: Accorcialo.',
    'importoDovuto: Scrivilo come 24.50, senza segno e senza separatore delle migliaia.',
  ])
})

it.each([
  ['day', 'Scrivila come 2026-03-31.'],
  ['flag', 'Scrivi true o false.'],
  ['unseen', 'Cancella il testo e riscrivilo a mano.'],
] as const)('a field whose form is wrong: %s', (fault, remedy) => {
  expect(remediesOf([{ kind: 'form', fault, header: 'IUD' }])).toEqual([`IUD: ${remedy}`])
})

it('a line that cannot be read, and one that is no UTF-8', () => {
  expect(formRemedy('unreadable')).toContain('chiudi le virgolette')
  expect(formRemedy('notUtf8')).toContain('CSV UTF-8')
})
