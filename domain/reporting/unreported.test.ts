import { describe, expect, it } from 'vitest'
import { facts, old, receipt, row, share } from '../../test/reconciliation/given.ts'
import type { IuvFacts } from './iuv-facts.ts'
import { unreportedPayments } from './unreported.ts'

const LAST_DAY = '2026-03-31'
const B = { iur: 'B' }

describe('the payment of a receipt', () => {
  it.each<[string, Partial<IuvFacts>, readonly string[]]>([
    ['in no flow', { receipts: [receipt('t1')] }, ['t1/1']],
    ['in no flow, of the last day', { receipts: [receipt('t1', { paidOn: LAST_DAY })] }, ['t1/1']],
    [
      'in no flow, of the day after: there is time still',
      { receipts: [receipt('t1', { paidOn: '2026-04-01' })] },
      [],
    ],
    ['in a flow', { receipts: [receipt('t1')], rows: [row('r1', 0)] }, []],
    ['in a flow as revoked', { receipts: [receipt('t1')], rows: [row('r1', 3)] }, []],
    [
      'in a flow with an unknown code',
      { receipts: [receipt('t1')], rows: [row('r1', 0, { code: 'PAID' })] },
      [],
    ],
    [
      'in a flow with another amount',
      { receipts: [receipt('t1')], rows: [row('r1', 0, { importoCents: 1 })] },
      [],
    ],
    [
      'in a flow with no amount',
      { receipts: [receipt('t1')], rows: [row('r1', 0, { importoCents: null })] },
      [],
    ],
    [
      'in a flow without an index',
      { receipts: [receipt('t1')], rows: [row('r1', 0, { transferIndex: null })] },
      [],
    ],
    [
      'in a flow that counts the beneficiaries',
      {
        transfers: [share('s1'), share('s1', { index: 2 })],
        receipts: [receipt('t1')],
        rows: [row('r1', 0, { transferIndex: 2 })],
      },
      [],
    ],
    ['in an older revision only', { receipts: [receipt('t1')], rows: [old('r1', 0)] }, ['t1/1']],
    ['of which a flow has another payment', { receipts: [receipt('t1')], rows: [row('r1', 0, B)] }, ['t1/1']],
    [
      'of which a flow has another transfer',
      { receipts: [receipt('t1')], rows: [row('r1', 0, { transferIndex: 2 })] },
      ['t1/1'],
    ],
    [
      'without an IUR',
      { receipts: [receipt('t1', { iur: '' })], rows: [row('r1', 0, { iur: '' })] },
      ['t1/1'],
    ],
    ['of an IUV that no due has', { transfers: [], receipts: [receipt('t1')] }, ['t1/1']],
    [
      'beside another one that is in a flow',
      { receipts: [receipt('t1'), receipt('t2', B)], rows: [row('r1', 0, B)] },
      ['t1/1'],
    ],
  ])('%s', (_name, given, missing) => {
    const found = unreportedPayments(facts(given), LAST_DAY)
    expect(found.map(({ receiptId, index }) => `${receiptId}/${index}`)).toEqual(missing)
  })

  it('has its cents and its day', () => {
    expect(unreportedPayments(facts({ receipts: [receipt('t1')] }), LAST_DAY)).toEqual([
      { receiptId: 't1', index: 1, cents: 1000, paidOn: '2026-03-31' },
    ])
  })
})
