import { expect, it } from 'vitest'
import type { AnomalyKind } from '../payment/model.ts'
import { actsFor, mayReceive, type AnomalyFacts } from './acts.ts'

const facts = (kind: AnomalyKind, given: Partial<AnomalyFacts> = {}): AnomalyFacts => ({
  kind,
  state: 'open',
  unplacedCents: 2175,
  isHeld: false,
  canAsk: false,
  isGivable: true,
  isPartial: false,
  ...given,
})

it.each(['duplicate', 'different_receipt', 'paid_after_cancel', 'unknown_attempt', 'withdrawn'] as const)(
  'the money of "%s" is given or returned; without money it is accepted',
  (kind) => {
    expect(actsFor(facts(kind))).toEqual(['give', 'return'])
    expect(actsFor(facts(kind, { unplacedCents: 0 }))).toEqual(['accept'])
  },
)

it('money of a payer whom nobody knows can only go back', () => {
  expect(actsFor(facts('unknown_attempt', { isGivable: false }))).toEqual(['return'])
})

it('late money waits for the attempt that holds its due', () => {
  expect(actsFor(facts('late_while_paying', { isHeld: true }))).toEqual([])
  expect(actsFor(facts('late_while_paying'))).toEqual(['give', 'return'])
})

it('the node is asked only while the payment waits for its outcome', () => {
  expect(actsFor(facts('receipt_refused', { canAsk: true }))).toEqual(['ask_node', 'accept'])
  expect(actsFor(facts('receipt_refused'))).toEqual(['accept'])
})

it('a due with half of its money can be made payable, unless somebody is paying it', () => {
  expect(actsFor(facts('partial_shares', { isPartial: true }))).toEqual(['make_payable', 'accept'])
  expect(actsFor(facts('partial_shares', { isPartial: true, isHeld: true }))).toEqual(['accept'])
  expect(actsFor(facts('partial_shares'))).toEqual(['accept'])
})

it.each([
  'receipt_after_forced',
  'positive_after_negative',
  'amount_differs',
  'receipt_not_understood',
] as const)('"%s" is accepted', (kind) => {
  expect(actsFor(facts(kind))).toEqual(['accept'])
})

it('money to return is noted as returned, or is looked at again, and a closed anomaly offers nothing', () => {
  expect(actsFor(facts('duplicate', { state: 'to_return' }))).toEqual(['returned', 'undo'])
  expect(actsFor(facts('duplicate', { state: 'closed' }))).toEqual([])
})

const recipient = {
  state: 'payable',
  importoCents: 2175,
  isHeld: false,
  isDoubtful: false,
  isOfOneEnte: true,
  isOfSamePayer: true,
}
it.each([
  ['fits', {}, true],
  ['asks another amount', { importoCents: 2176 }, false],
  ['is paid', { state: 'paid' }, false],
  ['is being paid', { isHeld: true }, false],
  ['waits for a person', { isDoubtful: true }, false],
  ['has a second beneficiary', { isOfOneEnte: false }, false],
  ['is of another payer', { isOfSamePayer: false }, false],
])('a due that %s', (_what, given, may) => {
  expect(mayReceive({ ...recipient, ...given }, 2175)).toBe(may)
})
