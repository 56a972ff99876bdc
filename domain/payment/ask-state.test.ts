import { meaningOf } from '../wire/node-faults.ts'
import { progressOf } from '../wire/node-states.ts'
import { describe, expect, test } from 'vitest'
import { aCart, anAttempt, aPayment, BEGUN_AT, twoBeneficiaries } from '../../test/explorer/a-payment.ts'
import { decideSend, decideSending } from './send.ts'
import { decideState, type StateAnswer } from './ask-state.ts'
import type { Decision } from './decision.ts'
import { CHASE } from './chase.ts'
import type { Payment, PaymentAttempt } from './model.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const fault = (faultCode: string) => ({ kind: 'fault', meaning: meaningOf(faultCode), faultCode }) as const
const accepted = (url: string | null) => ({ kind: 'accepted', url }) as const
const known = (state: string, url: string | null = null): StateAnswer => ({
  kind: 'known',
  progress: progressOf(state),
  state,
  url,
})
const UNKNOWN: StateAnswer = { kind: 'unknown_attempt' }

const after = (payment: Payment, answer: StateAnswer, age: number): Decision =>
  decideState(payment, 'rpt1', answer, { now: BEGUN_AT + age, chase: CHASE })

const attempt = (decision: Decision): PaymentAttempt => decision.payment.attempts[0]!
const states = (decision: Decision): string[] => [
  decision.payment.cart.state,
  ...decision.payment.attempts.map((one) => one.state),
  ...decision.payment.dues.map((one) => one.state),
]

describe('the answer to the cart we sent', () => {
  test('accepted: the RPT is sent, the cart waits for its outcome', () => {
    const decision = decideSend(aPayment(), accepted('https://node/x'))
    expect(states(decision)).toEqual(['requested', 'sent', 'paying'])
    expect(decision.payment.cart).toMatchObject({ sendState: 'accepted', hasUrl: true })
  })

  test('D1: a refusal of the closed list frees the dues', () => {
    const decision = decideSend(aPayment(), fault('PPT_SEMANTICA'))
    expect(states(decision)).toEqual(['not_paid', 'not_paid', 'payable'])
    expect(attempt(decision).forced).toBe('refused')
    expect(decision.payment.dues[0]!.heldBy).toBeNull()
    expect(decision.changes.map((change) => change.kind)).toEqual(['attempt', 'release', 'due', 'cart'])
  })

  test('D1: the same refusal of a second send proves nothing about the first', () => {
    const again = decideSending(aPayment())
    expect(again.cart.sendAttempts).toBe(2)
    expect(states(decideSend(again, fault('PPT_SEMANTICA')))).toEqual(['requested', 'created', 'paying'])
  })

  test.each(['PPT_SYSTEM_ERROR', 'PPT_CANALE_TIMEOUT', 'PPT_UNHEARD_OF'])(
    'D1: %s leaves everything in doubt',
    (code) => {
      const decision = decideSend(aPayment(), fault(code))
      expect(states(decision)).toEqual(['requested', 'created', 'paying'])
      expect(decision.payment.cart.sendState).toBe('in_doubt')
    },
  )

  test.each(['PPT_RPT_DUPLICATA', 'PPT_ID_CARRELLO_DUPLICATO'])(
    '%s: it had arrived, without a URL',
    (code) => {
      const decision = decideSend(aPayment(), fault(code))
      expect(states(decision)).toEqual(['requested', 'sent', 'paying'])
      expect(decision.payment.cart).toMatchObject({ sendState: 'accepted', hasUrl: false })
    },
  )

  test('"duplicated" keeps a URL that was stored before', () => {
    const cart = aCart({ hasUrl: true })
    expect(decideSend(aPayment({ cart }), fault('PPT_RPT_DUPLICATA')).payment.cart.hasUrl).toBe(true)
  })

  test('a lost answer changes nothing', () => {
    expect(decideSend(aPayment(), { kind: 'unknown', why: 'timeout' })).toEqual({
      payment: aPayment(),
      changes: [],
      act: 'wait',
    })
  })

  test('an answer after the outcome changes nothing', () => {
    const paid = aPayment({ cart: aCart({ state: 'paid' }), attempts: [anAttempt({ state: 'paid' })] })
    for (const answer of [accepted('https://node/x'), fault('PPT_SEMANTICA')])
      expect(decideSend(paid, answer).changes).toEqual([])
  })

  test('a new send discards an earlier "unknown" answer', () => {
    const before = aPayment({ attempts: [anAttempt({ unknownSince: BEGUN_AT })] })
    expect(decideSending(before).attempts[0]!.unknownSince).toBeNull()
  })
})

describe('D2: silence', () => {
  const UNACCEPTED = [
    'RPT_RICEVUTA_NODO',
    'RPT_ACCETTATA_NODO',
    'RPT_PARCHEGGIATA_NODO',
    'RPT_ANNULLATA_WISP',
  ]
  const silent = (nodeAnswers = 2): Payment =>
    aPayment({
      cart: aCart({ sendState: 'accepted', hasUrl: true }),
      attempts: [anAttempt({ state: 'sent', nodeAnswers })],
    })

  test.each(UNACCEPTED)('%s, a third time and a moment past 14 days, forces a negative outcome', (state) => {
    const decision = after(silent(), known(state), 14 * DAY + 1)
    expect(states(decision)).toEqual(['not_paid', 'not_paid', 'payable'])
    expect(attempt(decision).forced).toBe('silence')
  })

  test('exactly 14 days are not more than 14 days', () => {
    expect(states(after(silent(), known('RPT_ACCETTATA_NODO'), 14 * DAY))).toEqual([
      'requested',
      'sent',
      'paying',
    ])
  })

  test('two answers are not enough', () => {
    expect(attempt(after(silent(1), known('RPT_ACCETTATA_NODO'), 90 * DAY)).state).toBe('sent')
  })

  test.each([
    'RPT_ACCETTATA_PSP',
    'RPT_INVIATA_A_PSP',
    'RPT_DECORSI_TERMINI',
    'RPT_RIFIUTATA_NODO',
    'RPT_RIFIUTATA_PSP',
    'RPT_ERRORE_INVIO_A_PSP',
    'RPT_ESITO_SCONOSCIUTO_PSP',
    'RT_RICEVUTA_NODO',
    'RT_RIFIUTATA_PA',
    'STATE_NOBODY_KNOWS',
  ])('%s never does, not after 90 days and 99 answers', (state) => {
    const decision = after(silent(99), known(state), 90 * DAY)
    expect(attempt(decision)).toMatchObject({ state: 'sent', forced: null })
    expect(attempt(decision).attention).not.toBeNull()
  })

  test('no answer at all, for 90 days, never does: a person is called after a day', () => {
    const silence: StateAnswer = { kind: 'no_answer', why: 'timeout' }
    expect(attempt(after(silent(99), silence, DAY)).attention).toBeNull()
    expect(attempt(after(silent(99), silence, 90 * DAY))).toMatchObject({
      state: 'sent',
      attention: 'long_wait',
    })
  })

  test('one RPT of two may fall silent alone; the cart waits for the other', () => {
    const pair = { ...twoBeneficiaries(), cart: aCart({ hasUrl: true }) }
    const both = { ...pair, attempts: pair.attempts.map((one) => ({ ...one, nodeAnswers: 5 })) }
    const decision = after(both, known('RPT_ACCETTATA_NODO'), 15 * DAY)
    expect(states(decision)).toEqual(['requested', 'not_paid', 'sent', 'paying'])
    expect(decision.payment.dues[0]!.heldBy).toBe('this')
  })
})

describe('D3: terms run out at the node', () => {
  test('RPT_DECORSI_TERMINI stays open until an RT says so', () => {
    const decision = after(aPayment(), known('RPT_DECORSI_TERMINI', 'https://node/x'), 2 * DAY)
    expect(decision.payment.cart.state).toBe('requested')
    expect(attempt(decision)).toMatchObject({ state: 'sent', attention: 'long_wait' })
  })
})

describe('D4: a send whose answer was lost', () => {
  const doubted = (unknownSince: number | null = null): Payment =>
    aPayment({ attempts: [anAttempt({ unknownSince })] })

  test('unknown to the node within 30 minutes: the same cart is sent again', () => {
    expect(after(doubted(), UNKNOWN, 30 * MINUTE).act).toBe('resend')
  })

  test('past 30 minutes it is not sent again; the first "unknown" is only noted', () => {
    const decision = after(doubted(), UNKNOWN, 30 * MINUTE + 1)
    expect(decision.act).toBe('wait')
    expect(attempt(decision)).toMatchObject({ state: 'created', unknownSince: BEGUN_AT + 30 * MINUTE + 1 })
  })

  test('a second "unknown" one ms too soon proves nothing', () => {
    const since = BEGUN_AT + 31 * MINUTE
    const decision = after(doubted(since), UNKNOWN, 41 * MINUTE - 1)
    expect(attempt(decision)).toMatchObject({ state: 'created', unknownSince: since })
  })

  test('a second "unknown" 10 minutes later forces a negative outcome', () => {
    const decision = after(doubted(BEGUN_AT + 31 * MINUTE), UNKNOWN, 41 * MINUTE)
    expect(states(decision)).toEqual(['not_paid', 'not_paid', 'payable'])
    expect(attempt(decision).forced).toBe('unknown_to_node')
  })

  test('never when a URL was stored: the node contradicts itself', () => {
    const payment = { ...doubted(BEGUN_AT), cart: aCart({ hasUrl: true }) }
    expect(attempt(after(payment, UNKNOWN, 90 * DAY))).toMatchObject({
      state: 'created',
      attention: 'node_contradicts',
    })
    expect(after(payment, UNKNOWN, MINUTE).act).toBe('wait')
  })

  test('never when the node has named a sibling of the same cart', () => {
    const pair = twoBeneficiaries()
    const payment = { ...pair, attempts: [anAttempt({ unknownSince: BEGUN_AT }), pair.attempts[1]!] }
    expect(attempt(after(payment, UNKNOWN, DAY))).toMatchObject({
      state: 'created',
      attention: 'node_contradicts',
    })
  })

  test('a sibling forced for the same reason does not stop the second', () => {
    const pair = twoBeneficiaries()
    const forced = { ...pair.attempts[1]!, state: 'not_paid', forced: 'unknown_to_node' } as const
    const payment = { ...pair, attempts: [anAttempt({ unknownSince: BEGUN_AT }), forced] }
    expect(states(after(payment, UNKNOWN, DAY))).toEqual(['not_paid', 'not_paid', 'not_paid', 'payable'])
  })

  test('known again: the doubt ends, and a missing URL calls a person', () => {
    const decision = after(doubted(BEGUN_AT), known('RPT_ACCETTATA_NODO'), MINUTE)
    expect(decision.payment.cart).toMatchObject({ sendState: 'accepted', hasUrl: false })
    expect(attempt(decision)).toMatchObject({ state: 'sent', attention: 'lost_url', unknownSince: null })
  })

  test('without nodoChiediStatoRPT the cart is sent again within 30 minutes, then the copy is requested', () => {
    const silent: StateAnswer = { kind: 'not_offered' }
    expect(after(doubted(), silent, 30 * MINUTE).act).toBe('resend')
    const later = after(doubted(), silent, 30 * MINUTE + 1)
    expect(later.act).toBe('ask_copy')
    expect(attempt(later)).toMatchObject({ state: 'created', attention: 'lost_url' })
  })
})

describe('a state in which a receipt may exist', () => {
  test.each(['RT_RICEVUTA_NODO', 'RT_INVIATA_PA', 'RT_RIFIUTATA_PA', 'RPT_RISOLTA_KO', 'RPT_RISOLTA_OK'])(
    '%s asks for the copy',
    (state) => expect(after(aPayment(), known(state), MINUTE).act).toBe('ask_copy'),
  )

  test.each(['RPT_ACCETTATA_NODO', 'RPT_ACCETTATA_PSP', 'RPT_DECORSI_TERMINI'])('%s waits', (state) =>
    expect(after(aPayment(), known(state), MINUTE).act).toBe('wait'),
  )
})

describe('what calls a person', () => {
  test('a receipt we had to refuse remains the reason over later ones', () => {
    const payment = aPayment({ attempts: [anAttempt({ attention: 'receipt_refused' })] })
    expect(attempt(after(payment, known('RPT_ACCETTATA_NODO'), 2 * DAY)).attention).toBe('receipt_refused')
  })

  test('a node that continues the payment ends the call for a person', () => {
    const payment = aPayment({
      cart: aCart({ hasUrl: true }),
      attempts: [anAttempt({ state: 'sent', attention: 'node_refused' })],
    })
    expect(attempt(after(payment, known('RPT_ACCETTATA_PSP'), MINUTE)).attention).toBeNull()
  })

  test('no answer changes an RPT that has its outcome', () => {
    const paid = aPayment({ attempts: [anAttempt({ state: 'paid' })] })
    for (const answer of [UNKNOWN, known('RPT_ACCETTATA_NODO'), { kind: 'not_offered' } as const])
      expect(after(paid, answer, 90 * DAY)).toEqual({ payment: paid, changes: [], act: 'wait' })
  })
})
