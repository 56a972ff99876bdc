import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pivotClasses, type ComparedPayment } from './pivot-classes.ts'

const ALL = { hasTreasury: true, hasNotifications: true }
const payment = (given: Partial<ComparedPayment>): ComparedPayment => ({
  notified: null,
  receipt: null,
  row: null,
  creditedCents: null,
  isDoubled: false,
  ...given,
})

const RECEIPT = { receipt: { cents: 1000, totalCents: 1500 } }
const NOTIFIED = { notified: 1000 }
const row = (cents: number, creditedCents: number | null = null) => ({
  row: { cents, flowCents: 9000, creditedCents },
})

describe('the classes of the old product', () => {
  it.each<[string, Partial<ComparedPayment>, readonly string[]]>([
    ['nothing', {}, []],
    ['reported without a receipt', row(1000), ['IUV_NO_RT']],
    ['reported and credited without a receipt', row(1000, 9000), ['IUV_NO_RT']],
    ['notified and reported without a receipt', { ...NOTIFIED, ...row(1000) }, ['IUV_NO_RT', 'IUD_NO_RT']],
    ['paid and nothing else', RECEIPT, ['RT_NO_IUF', 'RT_NO_IUD']],
    ['paid and reported with another amount', { ...RECEIPT, ...row(999) }, ['RT_NO_IUF', 'RT_NO_IUD']],
    [
      'paid, reported with another amount, credited alone',
      { ...RECEIPT, ...row(999), creditedCents: 1500 },
      ['RT_NO_IUD'],
    ],
    ['paid and credited alone', { ...RECEIPT, creditedCents: 1500 }, ['RT_TES', 'RT_NO_IUD']],
    ['paid and credited alone with a cent less', { ...RECEIPT, creditedCents: 1499 }, ['RT_NO_IUD']],
    [
      'paid and credited alone with the item and not the total',
      { ...RECEIPT, creditedCents: 1000 },
      ['RT_NO_IUD'],
    ],
    [
      'notified, paid and credited alone',
      { ...NOTIFIED, ...RECEIPT, creditedCents: 1500 },
      ['IUD_RT_IUF_TES', 'RT_TES'],
    ],
    ['paid and reported', { ...RECEIPT, ...row(1000) }, ['RT_IUF', 'RT_NO_IUD']],
    [
      'paid, reported and credited',
      { ...RECEIPT, ...row(1000, 9000) },
      ['RT_IUF_TES', 'RT_IUF', 'RT_NO_IUD'],
    ],
    [
      'paid, reported and credited with another amount',
      { ...RECEIPT, ...row(1000, 8999) },
      ['RT_IUF', 'RT_NO_IUD'],
    ],
    ['notified, paid and reported', { ...NOTIFIED, ...RECEIPT, ...row(1000) }, ['IUD_RT_IUF', 'RT_IUF']],
    [
      'notified, paid, reported and credited',
      { ...NOTIFIED, ...RECEIPT, ...row(1000, 9000) },
      ['IUD_RT_IUF_TES', 'RT_IUF_TES', 'IUD_RT_IUF', 'RT_IUF'],
    ],
    [
      'notified with another amount, paid, reported and credited',
      { notified: 1001, ...RECEIPT, ...row(1000, 9000) },
      ['RT_IUF_TES', 'RT_IUF', 'IUD_NO_RT'],
    ],
    ['notified and nothing else', NOTIFIED, ['IUD_NO_RT']],
    ['notified and paid', { ...NOTIFIED, ...RECEIPT }, ['RT_NO_IUF']],
    ['notified, and paid with another amount', { notified: 1001, ...RECEIPT }, ['RT_NO_IUF', 'IUD_NO_RT']],
    ['doubled', { ...row(1000), isDoubled: true }, ['IUV_NO_RT', 'DOPPI']],
  ])('%s', (_name, given, classes) => {
    expect(pivotClasses(payment(given), ALL)).toEqual(classes)
  })

  const full = payment({ ...NOTIFIED, ...RECEIPT, ...row(1000, 9000) })

  it('have none with the bank for an ente that loads none of its files', () => {
    expect(pivotClasses(full, { ...ALL, hasTreasury: false })).toEqual(['IUD_RT_IUF', 'RT_IUF'])
  })

  it('have none with notifications for an ente that loads no dues', () => {
    expect(pivotClasses(full, { ...ALL, hasNotifications: false })).toEqual(['RT_IUF_TES', 'RT_IUF'])
    expect(pivotClasses(payment(RECEIPT), { ...ALL, hasNotifications: false })).toEqual(['RT_NO_IUF'])
  })

  it('a payment that is in a flow or has a receipt has at least one, where the bank credited nothing', () => {
    const cents = fc.constantFrom(1000, 1001)
    const any = fc.record({
      notified: fc.option(cents),
      receipt: fc.option(fc.record({ cents, totalCents: cents })),
      row: fc.option(fc.record({ cents, flowCents: cents, creditedCents: fc.option(cents) })),
      creditedCents: fc.constant(null),
      isDoubled: fc.boolean(),
    })
    fc.assert(
      fc.property(any, (one) => {
        fc.pre(one.receipt !== null || one.row !== null)
        expect(pivotClasses(one, ALL)).not.toEqual([])
      }),
    )
  })
})
