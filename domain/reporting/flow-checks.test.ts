import { describe, expect, it } from 'vitest'
import { FLOW_FLAGS, flagsOf, type FlowHeader, type FlowTally } from './flow-checks.ts'

const header: FlowHeader = {
  flowId: '2026-03-31PSP-0001',
  domain: '99999900013',
  receiver: '99999900013',
  regulatedOn: '2026-03-31',
  declaredPayments: 2,
  declaredCents: 2100,
}
const tally: FlowTally = { rows: 2, cents: 2100, faulty: 0, doubled: 0 }

describe('the checks of a flow', () => {
  it('find nothing in a sound one', () => {
    expect(flagsOf(header, tally)).toEqual([])
  })

  it.each<[string, Partial<FlowHeader>, Partial<FlowTally>, readonly string[]]>([
    ['another count', { declaredPayments: 3 }, {}, ['count_differs']],
    ['no count', { declaredPayments: null }, {}, ['count_differs']],
    ['a cent less', { declaredCents: 2099 }, {}, ['sum_differs']],
    ['no sum', { declaredCents: null }, {}, ['sum_differs']],
    ['another receiver', { receiver: '99999900014' }, {}, ['other_receiver']],
    ['no receiver', { receiver: null }, {}, ['other_receiver']],
    ['no rows', { declaredPayments: 0, declaredCents: 0 }, { rows: 0, cents: 0 }, ['empty']],
    ['no rows that should be there', {}, { rows: 0, cents: 0 }, ['count_differs', 'sum_differs', 'empty']],
    ['a doubled payment', {}, { doubled: 1 }, ['doubled_rows']],
    ['a row that cannot be read', {}, { faulty: 1 }, ['faulty_rows']],
    ['an id without a day', { flowId: 'PSP-0001' }, {}, ['odd_id']],
    ['an id without a number', { flowId: '2026-03-31PSP' }, {}, ['odd_id']],
    ['an id without a PSP', { flowId: '2026-03-31-0001' }, {}, ['odd_id']],
    ['an id with another character', { flowId: '2026-03-31PSP-00/01' }, {}, ['odd_id']],
    ['an id with a blank', { flowId: '2026-03-31PSP 1-0001' }, {}, ['odd_id']],
    ['an id with a day that is none', { flowId: '2026-02-30PSP-0001' }, {}, ['odd_id']],
    ['an id of 36 characters', { flowId: `2026-03-31PSP-${'1'.repeat(22)}` }, {}, ['odd_id']],
    ['an id of 35 characters', { flowId: `2026-03-31PSP-${'1'.repeat(21)}` }, {}, []],
    ['a PSP with a dash', { flowId: '2026-03-31PS-P-0001' }, {}, []],
    ['an id of another day', { flowId: '2026-03-30PSP-0001' }, {}, ['other_date']],
    ['no day of the transfer', { regulatedOn: null }, {}, ['other_date']],
  ])('%s', (_name, given, counted, flags) => {
    expect(flagsOf({ ...header, ...given }, { ...tally, ...counted })).toEqual(flags)
  })

  it('have each a case above', () => {
    expect(FLOW_FLAGS).toHaveLength(8)
  })
})
