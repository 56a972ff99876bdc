import { expect, it } from 'vitest'
import type { SupportPayment } from './payment-page.ts'
import { isLate, whyItWaits } from './why.ts'

interface Given {
  cart?: Partial<SupportPayment['cart']>
  process?: SupportPayment['process']
  unhandled?: boolean
  anomaly?: Partial<SupportPayment['anomalies'][number]>
  mail?: 'sent' | 'failed'
}

const waiting = ({ cart, process = 'running', unhandled = false, anomaly, mail }: Given): string =>
  whyItWaits({
    cart: {
      state: 'requested',
      sendState: 'accepted',
      redirectUrl: null,
      returnedAt: null,
      begunAt: 'then',
      ...cart,
    },
    process,
    receipts: unhandled ? [{ handledAt: null }] : [],
    anomalies: anomaly ? [{ unplacedCents: 0, closedAt: null, ...anomaly }] : [],
    mails: mail ? [{ state: mail }] : [],
  } as unknown as SupportPayment).what

it.each<[string, Given, RegExp]>([
  [
    'a receipt that was not handled, even on a closed payment',
    { cart: { state: 'not_paid' }, unhandled: true },
    /ricevuta è arrivata/,
  ],
  ['an open cart', { cart: { state: 'open' } }, /non ha ancora premuto/],
  ['a closed payment', { cart: { state: 'paid' }, process: 'ended', mail: 'sent' }, /Non attende nulla/],
  [
    'a negative outcome, which a later receipt may still change',
    { cart: { state: 'not_paid' } },
    /registrato.*vale quella/,
  ],
  ['a cart that never began', { cart: { state: 'expired', begunAt: null } }, /senza che nulla fosse inviato/],
  [
    'money that arrived twice',
    { cart: { state: 'paid' }, anomaly: { kind: 'duplicate', unplacedCents: 1 } },
    /Attende una persona: è arrivato del denaro/,
  ],
  [
    'money whose anomaly a person has closed',
    { cart: { state: 'paid' }, anomaly: { kind: 'duplicate', unplacedCents: 1, closedAt: 'then' } },
    /Non attende nulla/,
  ],
  [
    'a receipt that was not understood, also while the payment is open',
    { anomaly: { kind: 'receipt_not_understood' } },
    /Attende una persona: c’è una ricevuta/,
  ],
  [
    'half a due',
    { cart: { state: 'partially_paid' }, anomaly: { kind: 'partial_shares' } },
    /Attende una persona: un dovuto/,
  ],
  [
    'an anomaly that only informs',
    { cart: { state: 'paid' }, anomaly: { kind: 'amount_differs' } },
    /Non attende/,
  ],
  [
    'a receipt mail that was refused',
    { cart: { state: 'paid' }, mail: 'failed' },
    /una mail non è stata consegnata/,
  ],
  ['an open payment whose process is gone', { process: 'none' }, /Nessun processo/],
  ['an open payment whose process was ended', { process: 'ended' }, /Nessun processo/],
  [
    'a process whose state is unknown, because Temporal does not answer',
    { process: 'unknown' },
    /Il nodo ha il carrello/,
  ],
  ['a lost answer', { cart: { sendState: 'in_doubt' } }, /risposta del nodo all’invio si è persa/],
  ['a citizen at the page of the node', { cart: { redirectUrl: 'http://x' } }, /non è ancora tornato/],
  [
    'a citizen who is back',
    { cart: { redirectUrl: 'http://x', returnedAt: 'now' } },
    /si attende la ricevuta/,
  ],
])('%s', (_what, given, words) => {
  expect(waiting(given)).toMatch(words)
})

it('a check is late two minutes after its announced time, when the sweep takes over', () => {
  const announced = '2026-03-31T10:00:00.000Z'
  expect(isLate(announced, '2026-03-31T10:02:00.000Z')).toBe(false)
  expect(isLate(announced, '2026-03-31T10:02:00.001Z')).toBe(true)
})
