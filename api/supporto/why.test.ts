import { expect, it } from 'vitest'
import type { SupportPayment } from './payment-page.ts'
import { isLate, whyItWaits } from './why.ts'

interface Given {
  cart?: Partial<SupportPayment['cart']>
  process?: SupportPayment['process']
  unhandled?: boolean
}

const waiting = ({ cart, process = 'running', unhandled = false }: Given): string =>
  whyItWaits({
    cart: { state: 'requested', sendState: 'accepted', redirectUrl: null, returnedAt: null, ...cart },
    process,
    rts: unhandled ? [{ handledAt: null }] : [],
  } as unknown as SupportPayment)

it.each<[string, Given, RegExp]>([
  [
    'a receipt nobody looked at, even on a closed payment',
    { cart: { state: 'not_paid' }, unhandled: true },
    /ricevuta è arrivata/,
  ],
  ['an open cart', { cart: { state: 'open' } }, /non ha ancora premuto/],
  ['a closed payment', { cart: { state: 'paid' }, process: 'ended' }, /Non attende nulla/],
  ['an open payment whose process is gone', { process: 'none' }, /Nessun processo/],
  ['an open payment whose process was ended', { process: 'ended' }, /Nessun processo/],
  [
    'an engine that does not answer proves nothing of the process',
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

it('a look is late two minutes after it was announced: then the sweep takes over', () => {
  const announced = '2026-03-31T10:00:00.000Z'
  expect(isLate(announced, '2026-03-31T10:02:00.000Z')).toBe(false)
  expect(isLate(announced, '2026-03-31T10:02:00.001Z')).toBe(true)
})
