import type { Payment, PaymentCart, PaymentDue, PaymentAttempt } from '../../domain/payment/model.ts'

/** Builders for the pure rules. The default is one RPT of 10,00 € for one due of one share, just begun. */
export const BEGUN_AT = Date.UTC(2026, 10, 2, 9)

export const aCart = (given: Partial<PaymentCart> = {}): PaymentCart => ({
  state: 'requested',
  begunAt: BEGUN_AT,
  sendState: 'in_doubt',
  sendAttempts: 1,
  hasUrl: false,
  ...given,
})

export const anAttempt = (given: Partial<PaymentAttempt> = {}): PaymentAttempt => ({
  id: 'rpt1',
  state: 'created',
  totalCents: 1000,
  positions: [{ shareId: 'd1.1', dueId: 'd1', cents: 1000 }],
  forced: null,
  progress: null,
  nodeState: null,
  nodeAnswers: 0,
  unknownSince: null,
  settlingReceipt: null,
  attention: null,
  ...given,
})

export const aDue = (given: Partial<PaymentDue> = {}): PaymentDue => ({
  id: 'd1',
  state: 'paying',
  heldBy: 'this',
  shares: [{ id: 'd1.1', settledBy: null }],
  waiting: [],
  ...given,
})

export const aPayment = (given: Partial<Payment> = {}): Payment => ({
  cart: aCart(),
  attempts: [anAttempt()],
  dues: [aDue()],
  ...given,
})

export const twoDuesOneAttempt = (): Payment =>
  aPayment({
    attempts: [
      anAttempt({
        state: 'sent',
        totalCents: 3000,
        positions: [
          { shareId: 'd1.1', dueId: 'd1', cents: 1000 },
          { shareId: 'd2.1', dueId: 'd2', cents: 2000 },
        ],
      }),
    ],
    dues: [aDue(), aDue({ id: 'd2', shares: [{ id: 'd2.1', settledBy: null }] })],
  })

/** One due of two beneficiaries, with an RPT for each. */
export const twoBeneficiaries = (): Payment =>
  aPayment({
    attempts: [
      anAttempt({ state: 'sent' }),
      anAttempt({
        id: 'rpt2',
        state: 'sent',
        totalCents: 500,
        positions: [{ shareId: 'd1.2', dueId: 'd1', cents: 500 }],
      }),
    ],
    dues: [
      aDue({
        shares: [
          { id: 'd1.1', settledBy: null },
          { id: 'd1.2', settledBy: null },
        ],
      }),
    ],
  })
