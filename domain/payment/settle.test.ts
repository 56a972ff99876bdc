import { describe, expect, test } from 'vitest'
import {
  aCart,
  aDue,
  anAttempt,
  aPayment,
  twoBeneficiaries,
  twoDuesOneAttempt,
} from '../../test/explorer/a-payment.ts'
import type { ArrivedReceipt, Change, Outcome, Payment, WaitingMoney } from './model.ts'
import { cartOutcome, forceNegative, settleReceipt } from './settle.ts'

const receipt = (outcome: Outcome, ...itemCents: number[]): ArrivedReceipt => ({
  id: 'rt1',
  outcome,
  totalCents: itemCents.reduce((total, one) => total + one, 0),
  itemCents,
})

const sent = (): Payment => aPayment({ attempts: [anAttempt({ state: 'sent' })] })

const anomalies = (changes: readonly Change[]): [string, number][] =>
  changes.flatMap((change) =>
    change.kind === 'anomaly' ? [[change.anomaly, change.unplacedCents] as [string, number]] : [],
  )
const settled = (changes: readonly Change[]): [string, number][] =>
  changes.flatMap((change) =>
    change.kind === 'settle' ? [[change.shareId, change.cents] as [string, number]] : [],
  )
const hasMail = (changes: readonly Change[]): boolean => changes.some((change) => change.kind === 'mail')
const states = ({ payment }: { payment: Payment }): string[] => [
  payment.cart.state,
  ...payment.attempts.map((one) => one.state),
  ...payment.dues.map((one) => one.state),
]

describe('the first RT of an RPT', () => {
  test('code 0: everything is paid, the due is free, one mail', () => {
    const draft = settleReceipt(sent(), 'rpt1', receipt('paid', 1000))
    expect(states(draft)).toEqual(['paid', 'paid', 'paid'])
    expect(settled(draft.changes)).toEqual([['d1.1', 1000]])
    expect(anomalies(draft.changes)).toEqual([])
    expect(draft.payment.dues[0]!.heldBy).toBeNull()
    expect(hasMail(draft.changes)).toBe(true)
  })

  test.each([
    ['not_paid', 'not_paid', 'not_paid'],
    ['timed_out', 'timed_out', 'timed_out'],
  ] as const)(
    'D9: outcome %s makes the due payable again, with one mail (D10)',
    (code, cart, attemptState) => {
      const draft = settleReceipt(sent(), 'rpt1', receipt(code))
      expect(states(draft)).toEqual([cart, attemptState, 'payable'])
      expect(settled(draft.changes)).toEqual([])
      expect(hasMail(draft.changes)).toBe(true)
    },
  )

  test.each(['partly_paid', 'timed_out_partly'] as const)(
    'D9: outcome %s pays what was paid and frees the item of zero',
    (code) => {
      const draft = settleReceipt(twoDuesOneAttempt(), 'rpt1', receipt(code, 1000, 0))
      expect(states(draft)).toEqual(['partially_paid', 'partially_paid', 'paid', 'payable'])
      expect(settled(draft.changes)).toEqual([['d1.1', 1000]])
      expect(anomalies(draft.changes)).toEqual([['amount_differs', 0]])
    },
  )

  test.each([999, 1001, 1])('D8 and D9: %d cents instead of 1000 are what was paid', (paid) => {
    const draft = settleReceipt(sent(), 'rpt1', receipt('paid', paid))
    expect(states(draft)).toEqual(['paid', 'paid', 'paid'])
    expect(settled(draft.changes)).toEqual([['d1.1', paid]])
    expect(draft.changes.filter((change) => change.kind === 'anomaly')).toEqual([
      expect.objectContaining({ anomaly: 'amount_differs', dueId: 'd1', unplacedCents: 0 }),
    ])
  })

  test('a total that its items do not explain is an anomaly of the RPT', () => {
    const draft = settleReceipt(sent(), 'rpt1', { ...receipt('paid', 1000), totalCents: 1001 })
    expect(draft.changes.filter((change) => change.kind === 'anomaly')).toEqual([
      expect.objectContaining({ anomaly: 'amount_differs', dueId: null }),
    ])
  })

  test('an RT that overtakes our own answer settles an RPT still "created"', () => {
    expect(states(settleReceipt(aPayment(), 'rpt1', receipt('paid', 1000)))).toEqual(['paid', 'paid', 'paid'])
  })
})

describe('D5: an RT after another one', () => {
  const settledBy = (outcome: Outcome, itemCents: number[]): Payment =>
    settleReceipt(sent(), 'rpt1', { ...receipt(outcome, ...itemCents), id: 'rt0' }).payment

  test('a second positive one is an anomaly with its cents, because nobody asked for that money', () => {
    const draft = settleReceipt(settledBy('paid', [1000]), 'rpt1', receipt('paid', 1000))
    expect(settled(draft.changes)).toEqual([])
    expect(anomalies(draft.changes)).toEqual([['duplicate', 1000]])
    expect(hasMail(draft.changes)).toBe(false)
  })

  test('a negative one after a positive one takes nothing back', () => {
    const draft = settleReceipt(settledBy('paid', [1000]), 'rpt1', receipt('not_paid'))
    expect(states(draft)).toEqual(['paid', 'paid', 'paid'])
    expect(anomalies(draft.changes)).toEqual([['different_receipt', 0]])
  })

  test('a second, different negative one changes nothing', () => {
    const draft = settleReceipt(settledBy('not_paid', []), 'rpt1', receipt('timed_out'))
    expect(states(draft)).toEqual(['not_paid', 'not_paid', 'payable'])
    expect(anomalies(draft.changes)).toEqual([['different_receipt', 0]])
  })

  test.each(['not_paid', 'timed_out'] as const)(
    'a positive one after outcome %s wins, with an anomaly',
    (code) => {
      const draft = settleReceipt(settledBy(code, []), 'rpt1', receipt('paid', 1000))
      expect(states(draft)).toEqual(['paid', 'paid', 'paid'])
      expect(settled(draft.changes)).toEqual([['d1.1', 1000]])
      expect(anomalies(draft.changes)).toEqual([['positive_after_negative', 0]])
    },
  )

  test('a positive one after a forced outcome wins, with an anomaly and a mail', () => {
    const forced = forceNegative(sent(), ['rpt1'], 'silence').payment
    const draft = settleReceipt(forced, 'rpt1', receipt('paid', 1000))
    expect(states(draft)).toEqual(['paid', 'paid', 'paid'])
    expect(anomalies(draft.changes)).toEqual([['receipt_after_forced', 0]])
    expect(hasMail(draft.changes)).toBe(true)
    expect(draft.payment.attempts[0]!.forced).toBeNull()
  })

  test('a negative one after a forced outcome confirms it, and no longer counts as forced', () => {
    const forced = forceNegative(sent(), ['rpt1'], 'silence').payment
    const draft = settleReceipt(forced, 'rpt1', receipt('timed_out'))
    expect(states(draft)).toEqual(['not_paid', 'not_paid', 'payable'])
    expect(draft.payment.attempts[0]).toMatchObject({
      forced: null,
      settlingReceipt: { id: 'rt1', outcome: 'timed_out' },
    })
    expect(anomalies(draft.changes)).toEqual([['receipt_after_forced', 0]])
  })
})

describe('money without a place', () => {
  test('a cancelled due: anomaly with its cents, the due stays cancelled', () => {
    const payment = aPayment({
      cart: aCart({ state: 'not_paid' }),
      attempts: [anAttempt({ state: 'not_paid', forced: 'silence' })],
      dues: [aDue({ state: 'cancelled', heldBy: null })],
    })
    const draft = settleReceipt(payment, 'rpt1', receipt('paid', 1000))
    expect(draft.payment.dues[0]!.state).toBe('cancelled')
    expect(anomalies(draft.changes)).toContainEqual(['paid_after_cancel', 1000])
    expect(settled(draft.changes)).toEqual([])
  })

  test('a due that another cart paid meanwhile: duplicate', () => {
    const payment = aPayment({
      attempts: [anAttempt({ state: 'not_paid', forced: 'silence' })],
      dues: [aDue({ state: 'paid', heldBy: null, shares: [{ id: 'd1.1', settledBy: 'rt0' }] })],
    })
    const draft = settleReceipt(payment, 'rpt1', receipt('paid', 1000))
    expect(anomalies(draft.changes)).toContainEqual(['duplicate', 1000])
    expect(settled(draft.changes)).toEqual([])
  })

  test('a due that another attempt holds now: the money waits for that outcome', () => {
    const payment = aPayment({
      attempts: [anAttempt({ state: 'not_paid', forced: 'silence' })],
      dues: [aDue({ heldBy: 'other' })],
    })
    const draft = settleReceipt(payment, 'rpt1', receipt('paid', 1000))
    expect(anomalies(draft.changes)).toContainEqual(['late_while_paying', 1000])
    expect(draft.payment.dues[0]).toMatchObject({ state: 'paying', heldBy: 'other' })
  })

  const waiting: WaitingMoney = { anomalyId: 'a1', shareId: 'd1.1', receiptId: 'rt0', cents: 1000 }
  const withWaiting = (): Payment =>
    aPayment({ attempts: [anAttempt({ state: 'sent' })], dues: [aDue({ waiting: [waiting] })] })

  test('waiting money pays the due when the other attempt does not', () => {
    const draft = settleReceipt(withWaiting(), 'rpt1', receipt('not_paid'))
    expect(states(draft)).toEqual(['not_paid', 'not_paid', 'paid'])
    expect(draft.changes).toContainEqual(
      expect.objectContaining({ kind: 'settle', receiptId: 'rt0', cents: 1000, anomalyId: 'a1' }),
    )
  })

  test('waiting money stays an anomaly when the other attempt paid', () => {
    const draft = settleReceipt(withWaiting(), 'rpt1', receipt('paid', 1000))
    expect(settled(draft.changes)).toEqual([['d1.1', 1000]])
    expect(draft.payment.dues[0]!.waiting).toEqual([waiting])
  })

  test('only one of two sums that wait for the same share is placed', () => {
    const second = { ...waiting, anomalyId: 'a2', receiptId: 'rt00' }
    const payment = aPayment({ dues: [aDue({ waiting: [waiting, second] })] })
    const draft = forceNegative(payment, ['rpt1'], 'silence')
    expect(settled(draft.changes)).toEqual([['d1.1', 1000]])
    expect(draft.payment.dues[0]!.waiting).toEqual([second])
  })
})

describe('a due of two beneficiaries', () => {
  test('is paid when both shares are, and not before', () => {
    const first = settleReceipt(twoBeneficiaries(), 'rpt1', receipt('paid', 1000))
    expect(states(first)).toEqual(['requested', 'paid', 'sent', 'paying'])
    const second = settleReceipt(first.payment, 'rpt2', { ...receipt('paid', 500), id: 'rt2' })
    expect(states(second)).toEqual(['paid', 'paid', 'paid', 'paid'])
  })

  test('with different outcomes it is held for a person: nobody pays it again meanwhile', () => {
    const first = settleReceipt(twoBeneficiaries(), 'rpt1', receipt('paid', 1000))
    const second = settleReceipt(first.payment, 'rpt2', { ...receipt('not_paid'), id: 'rt2' })
    expect(states(second)).toEqual(['partially_paid', 'paid', 'not_paid', 'paying'])
    expect(anomalies(second.changes)).toEqual([['partial_shares', 0]])
    expect(second.payment.dues[0]!.heldBy).toBeNull()
  })

  test('the missing share may still arrive late and completes it', () => {
    const first = settleReceipt(twoBeneficiaries(), 'rpt1', receipt('paid', 1000))
    const second = settleReceipt(first.payment, 'rpt2', { ...receipt('not_paid'), id: 'rt2' })
    const third = settleReceipt(second.payment, 'rpt2', { ...receipt('paid', 500), id: 'rt3' })
    expect(states(third)).toEqual(['paid', 'paid', 'paid', 'paid'])
  })

  test('late money for one share of a due already payable again holds it', () => {
    const forced = forceNegative(twoBeneficiaries(), ['rpt1', 'rpt2'], 'silence')
    expect(states(forced)).toEqual(['not_paid', 'not_paid', 'not_paid', 'payable'])
    const late = settleReceipt(forced.payment, 'rpt1', receipt('paid', 1000))
    expect(states(late)).toEqual(['partially_paid', 'paid', 'not_paid', 'paying'])
  })
})

describe('a forced outcome', () => {
  test('frees the due and sends no mail (D10)', () => {
    const draft = forceNegative(sent(), ['rpt1'], 'refused')
    expect(states(draft)).toEqual(['not_paid', 'not_paid', 'payable'])
    expect(hasMail(draft.changes)).toBe(false)
  })
})

describe('the outcome of a cart', () => {
  test.each([
    [['paid'], 'paid'],
    [['paid', 'paid'], 'paid'],
    [['not_paid'], 'not_paid'],
    [['timed_out'], 'timed_out'],
    [['timed_out', 'timed_out'], 'timed_out'],
    [['timed_out', 'not_paid'], 'not_paid'],
    [['paid', 'not_paid'], 'partially_paid'],
    [['paid', 'timed_out'], 'partially_paid'],
    [['partially_paid'], 'partially_paid'],
    [['partially_paid', 'paid'], 'partially_paid'],
  ] as const)('%j -> %s', (attemptStates, outcome) => {
    expect(cartOutcome(attemptStates)).toBe(outcome)
  })
})

test('an RPT of another payment is refused, not ignored', () => {
  expect(() => settleReceipt(sent(), 'rpt9', receipt('paid', 1000))).toThrow(RangeError)
})
