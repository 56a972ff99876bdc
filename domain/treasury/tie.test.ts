import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flowClass } from './classes.ts'
import { tie } from './tie.ts'
import type { Decision, Target, TieCredit } from './tie-facts.ts'

const ID = '2025-07-14ABI99999-0000000000012'
const OTHER = '2025-07-14ABI99998-0000000000007'

const flow = (given: Partial<Target> = {}): Target => ({
  kind: 'flow',
  id: 'F',
  writtenAs: ID,
  cents: 10_000,
  rowsCents: 10_000,
  regulation: null,
  regulatedOn: '2025-07-14',
  ...given,
})
const payment = (cents: number | null): Target => ({
  kind: 'payment',
  id: 'P',
  writtenAs: '12000000000000119',
  cents,
  rowsCents: null,
  regulation: null,
  regulatedOn: null,
})
const credit = (id: string, cents: number, given: Partial<TieCredit> = {}): TieCredit => ({
  id,
  cents,
  bookedOn: '2025-07-15',
  text: `/PUR/LGPE-RIVERSAMENTO/URI/${ID}`,
  trn: null,
  endToEndId: null,
  ...given,
})

/** "credit: target reason score, … class rule". */
function tied(
  credits: readonly TieCredit[],
  targets: readonly Target[],
  decisions: readonly Decision[] = [],
) {
  return tie({ credits, targets, decisions }).credits.map(
    (of) =>
      `${of.creditId}: ${of.ties.map(({ targetId, reason, score }) => `${targetId} ${reason} ${score}`).join(', ')} ${of.class ?? '-'} ${of.rule}`,
  )
}
const classesOf = (
  credits: readonly TieCredit[],
  targets: readonly Target[],
  decisions: readonly Decision[] = [],
) => tie({ credits, targets, decisions }).flows.map((of) => `${of.targetId} ${of.class ?? '-'} ${of.rule}`)

describe('a whole id', () => {
  it('and equal cents is certain', () => {
    expect(tied([credit('a', 10_000)], [flow()])).toEqual(['a: F id 100 - tied'])
    expect(classesOf([credit('a', 10_000)], [flow()])).toEqual(['F - tied'])
  })

  it('and one cent less is a proposal: there is no tolerance', () => {
    expect(tied([credit('a', 9_999)], [flow()])).toEqual([
      'a: F other_amount 60 IUF_TES_DIV_IMP amount_differs',
    ])
    expect(classesOf([credit('a', 9_999)], [flow()])).toEqual(['F IUF_TES_DIV_IMP amount_differs'])
  })

  it('R14: the declared total counts; what the rows add up to is a proposal', () => {
    expect(tied([credit('a', 9_000)], [flow({ rowsCents: 9_000 })])).toEqual([
      'a: F rows_sum 85 IUF_TES_DIV_IMP amount_differs',
    ])
    expect(tied([credit('a', 9_000)], [flow({ cents: null, rowsCents: 9_000 })])[0]).toContain('rows_sum')
  })

  it('R15: of two PSPs with one id the equal amount wins, else both are proposed', () => {
    const flows = [flow(), flow({ id: 'G', cents: 5_000, rowsCents: 5_000 })]
    expect(tied([credit('a', 5_000)], flows)).toEqual(['a: G id 100 - tied'])
    expect(tied([credit('a', 7_000)], flows)).toEqual([
      'a: F two_readings 40, G two_readings 40 IUF_TES_DIV_IMP amount_differs',
    ])
    const equal = [flow(), flow({ id: 'G' })]
    expect(tied([credit('a', 10_000)], equal)[0]).toContain('F two_readings 70, G two_readings 70')
  })

  it('18: in flows of two enti is tied in each by its own amount, and a regolamento in words ties nothing', () => {
    const flows = [flow({ regulation: 'Bonifico SEPA-03268-A4D7S' })]
    expect(tied([credit('a', 10_000)], flows)).toEqual(['a: F id 100 - tied'])
    expect(tied([credit('b', 4_000, { text: 'ALTRO' })], flows)).toEqual(['b:  TES_NO_MATCH no_id'])
  })
})

describe('several credits of one flow', () => {
  it('17: of 60 and 40 the first one is a proposal, and with the second one both are certain', () => {
    const first = credit('a', 6_000)
    expect(tied([first], [flow()])).toEqual(['a: F other_amount 60 IUF_TES_DIV_IMP amount_differs'])
    const both = [first, credit('b', 4_000, { bookedOn: '2025-07-16' })]
    expect(tied(both, [flow()])).toEqual(['a: F parts 100 - tied', 'b: F parts 100 - tied'])
    expect(classesOf(both, [flow()])).toEqual(['F - tied'])
  })

  it('R16: credited again in full, the later one is double', () => {
    const again = credit('b', 10_000, { bookedOn: '2025-07-20' })
    expect(tied([again, credit('a', 10_000)], [flow()])).toEqual([
      'b: F double 50 IUF_TES_DIV_IMP double',
      'a: F id 100 - tied',
    ])
    expect(classesOf([again, credit('a', 10_000)], [flow()])).toEqual(['F - tied'])
  })

  it('R16: also after parts', () => {
    const parts = [credit('a', 6_000), credit('b', 4_000)]
    const again = credit('c', 10_000, { bookedOn: '2025-07-20' })
    expect(tied([...parts, again], [flow()]).at(-1)).toBe('c: F double 50 IUF_TES_DIV_IMP double')
  })

  it('a full one is certain beside one that is too much', () => {
    expect(tied([credit('a', 300), credit('b', 10_000)], [flow()])).toEqual([
      'a: F other_amount 60 IUF_TES_DIV_IMP amount_differs',
      'b: F id 100 - tied',
    ])
  })
})

describe('several flows in one credit', () => {
  const both = { text: `URI/${ID} URI/${OTHER}` }
  const flows = [flow(), flow({ id: 'G', writtenAs: OTHER, cents: 500 })]

  it('are certain when they add up to it', () => {
    expect(tied([credit('a', 10_500, both)], flows)).toEqual([
      'a: F several_flows 100, G several_flows 100 - tied',
    ])
    expect(classesOf([credit('a', 10_500, both)], flows)).toEqual(['F - tied', 'G - tied'])
  })

  it('are proposed when they do not, or when one was brought already', () => {
    expect(tied([credit('a', 10_499, both)], flows)[0]).toContain('F other_amount 60, G other_amount 60')
    expect(tied([credit('a', 10_500, both), credit('b', 10_000)], flows)).toEqual([
      'a: F other_amount 60, G other_amount 60 IUF_TES_DIV_IMP amount_differs',
      'b: F id 100 - tied',
    ])
  })
})

describe('a single payment', () => {
  const single = { text: '/RFB/12000000000000119/24.50' }
  it('is certain by its IUV and the total of its receipt', () => {
    expect(tied([credit('a', 2_450, single)], [payment(2_450)])).toEqual(['a: P id 100 - tied'])
    expect(tied([credit('a', 2_400, single)], [payment(2_450)])[0]).toContain('P other_amount 60')
    expect(tied([credit('a', 2_450, single)], [payment(null)])[0]).toContain('P other_amount 60')
  })
})

describe('a proposal', () => {
  it.each([
    ['a letter is wrong', { text: `URI/${ID.replace('ABI', 'AB1')}` }, 'F letter 90'],
    ['the id is cut', { text: `URI/${ID.slice(0, 25)}` }, 'F cut 80'],
    ['the TRN is the regolamento', { text: '', trn: 'reg 1' }, 'F reference 85'],
    ['the EndToEndId is the regolamento', { text: '', endToEndId: 'REG1' }, 'F reference 85'],
    ['16: nothing but the amount, of pagoPA', { text: '/PUR/LGPE-RIVERSAMENTO/URI/2' }, 'F amount 58'],
    ['nothing but the amount, on the same day', { text: '', bookedOn: '2025-07-14' }, 'F amount 50'],
    ['nothing but the amount, five days later', { text: '', bookedOn: '2025-07-19' }, 'F amount 40'],
    ['six days later: nothing', { text: '', bookedOn: '2025-07-20' }, ''],
  ])('where %s', (_, given, expected) => {
    expect(tied([credit('a', 10_000, given)], [flow({ regulation: 'REG1' })])[0]).toMatch(
      `a: ${expected} TES_`,
    )
  })

  it('speaks less with another amount', () => {
    const given = { text: `URI/${ID.replace('ABI', 'AB1')}` }
    expect(tied([credit('a', 9_000, given)], [flow()])[0]).toContain('F letter 30')
  })

  it('by the amount alone is not made for a flow that was brought', () => {
    expect(tied([credit('a', 10_000), credit('b', 10_000, { text: '' })], [flow()])[1]).toBe(
      'b:  TES_NO_MATCH no_id',
    )
  })
})

describe('classes', () => {
  it('R16: a credit before its flow is TES_NO_IUF_OR_IUV, and is tied when the flow comes', () => {
    expect(tied([credit('a', 10_000)], [])).toEqual(['a:  TES_NO_IUF_OR_IUV id_unknown'])
    expect(tied([credit('a', 10_000)], [flow()])).toEqual(['a: F id 100 - tied'])
  })

  it('a flow without a credit is IUF_NO_TES, unless the ente has no files of its bank', () => {
    expect(classesOf([], [flow()])).toEqual(['F IUF_NO_TES no_credit'])
    const none = { isTied: false, hasCredit: false }
    expect(flowClass({ ...none, hasTreasury: false })).toEqual({ class: null, rule: 'no_treasury' })
  })
})

describe('what a person has decided stays', () => {
  const accepted: Decision = { creditId: 'a', targetId: 'G', is: 'accepted' }
  const refused: Decision = { creditId: 'a', targetId: 'F', is: 'refused' }
  const flows = [flow(), flow({ id: 'G', writtenAs: OTHER })]

  it('accepted: it is tied to that, and the difference is said of the flow', () => {
    expect(tied([credit('a', 9_000)], flows, [accepted])).toEqual(['a: G decided 100 - tied'])
    expect(classesOf([credit('a', 9_000)], flows, [accepted])).toEqual([
      'F IUF_NO_TES no_credit',
      'G IUF_TES_DIV_IMP amount_differs',
    ])
  })

  it('accepted for two flows: they are explained when they add up to it', () => {
    const both: Decision[] = [accepted, { ...refused, is: 'accepted' }]
    expect(classesOf([credit('a', 20_000)], flows, both)).toEqual(['F - tied', 'G - tied'])
    expect(classesOf([credit('a', 19_999)], flows, both)).toEqual([
      'F IUF_TES_DIV_IMP amount_differs',
      'G IUF_TES_DIV_IMP amount_differs',
    ])
  })

  it('accepted: it is contradicted by a whole id with an equal amount, and by nothing less', () => {
    const contradicted = (cents: number) =>
      tie({ credits: [credit('a', cents)], targets: flows, decisions: [accepted] }).credits[0]!.isContradicted
    expect([contradicted(10_000), contradicted(9_999)]).toEqual([true, false])
  })

  it('accepted: other credits bring the rest', () => {
    const decision: Decision = { creditId: 'a', targetId: 'F', is: 'accepted' }
    const credits = [credit('a', 6_000, { text: '' }), credit('b', 4_000), credit('c', 10_000)]
    expect(tied(credits, [flow()], [decision])).toEqual([
      'a: F decided 100 - tied',
      'b: F id 100 - tied',
      'c: F double 50 IUF_TES_DIV_IMP double',
    ])
  })

  it('refused: it is neither tied nor proposed again', () => {
    expect(tied([credit('a', 10_000)], [flow()], [refused])[0]).toMatch(/^a: {2}/)
  })

  it('refused: it is contradicted while a whole id and an equal amount name what was refused', () => {
    const contradicted = (cents: number, decisions: Decision[] = [refused]) =>
      tie({ credits: [credit('a', cents)], targets: flows, decisions }).credits[0]!.isContradicted
    expect([contradicted(10_000), contradicted(9_999)]).toEqual([true, false])
    // What a person tied instead is judged by itself.
    expect(contradicted(10_000, [refused, accepted])).toBe(false)
  })
})

it('the order of credits, flows and decisions does not matter', () => {
  const anyCredit = fc.record({
    cents: fc.constantFrom(4_000, 6_000, 10_000),
    bookedOn: fc.constantFrom('2025-07-14', '2025-07-15'),
    text: fc.constantFrom(`URI/${ID}`, `URI/${OTHER}`, `URI/${ID} URI/${OTHER}`, 'URI/2', ''),
  })
  const targets = [flow(), flow({ id: 'G', writtenAs: OTHER, cents: 4_000 }), flow({ id: 'H', cents: 6_000 })]
  const sorted = (facts: Parameters<typeof tie>[0]) => {
    const { credits, flows } = tie(facts)
    const order = (one: object, other: object) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)
    return {
      credits: credits.map((of) => ({ ...of, ties: of.ties.toSorted(order) })).toSorted(order),
      flows: flows.toSorted(order),
    }
  }
  fc.assert(
    fc.property(fc.array(anyCredit, { maxLength: 7 }), fc.boolean(), (given, hasDecision) => {
      const credits = given.map((one, at) => credit(`${at}`, one.cents, one))
      const decisions: Decision[] = hasDecision ? [{ creditId: '0', targetId: 'G', is: 'accepted' }] : []
      expect(sorted({ credits: credits.toReversed(), targets: targets.toReversed(), decisions })).toEqual(
        sorted({ credits, targets, decisions }),
      )
    }),
  )
})
