import { describe, expect, test } from 'vitest'
import { cartProblem, groupIntoAttempts, type Groupable } from './grouping.ts'

const due = (dueId: string, given: Partial<Groupable> = {}): Groupable => ({
  dueId,
  iuv: null,
  enteId: 'e1',
  pagatoreCodice: 'p1',
  separate: false,
  hasSecondary: false,
  ...given,
})

const groups = (...dues: Groupable[]): string[] =>
  groupIntoAttempts(dues).map((group) => `${group.iuv ?? '-'}:${group.dueIds.join('+')}`)

describe('dues into RPTs', () => {
  test('five spontaneous dues of one payer to one ente are one RPT', () => {
    expect(groups(...['a', 'b', 'c', 'd', 'e'].map((id) => due(id)))).toEqual(['-:a+b+c+d+e'])
  })

  test('another ente or another payer makes another RPT', () => {
    expect(groups(due('a'), due('b', { enteId: 'e2' }), due('c', { pagatoreCodice: 'p2' }))).toEqual([
      '-:a',
      '-:b',
      '-:c',
    ])
  })

  test('a due with its own IUV travels alone and keeps it', () => {
    expect(groups(due('a'), due('b', { iuv: '01' }), due('c', { iuv: '02' }), due('d'))).toEqual([
      '-:a+d',
      '01:b',
      '02:c',
    ])
  })

  test('a type that asks for its own RPT gets one for each due', () => {
    expect(groups(due('a', { separate: true }), due('b', { separate: true }), due('c'))).toEqual([
      '-:a',
      '-:b',
      '-:c',
    ])
  })

  test('a due with a secondary beneficiary travels alone', () => {
    expect(groups(due('a', { hasSecondary: true }), due('b'))).toEqual(['-:a', '-:b'])
  })

  test('every due is in exactly one RPT, in the order of the cart', () => {
    const mixed = [due('a'), due('b', { iuv: '01' }), due('c', { enteId: 'e2' }), due('d'), due('e')]
    expect(groupIntoAttempts(mixed).flatMap((group) => group.dueIds)).toEqual(['a', 'd', 'e', 'b', 'c'])
  })

  test('no dues, no RPTs', () => {
    expect(groupIntoAttempts([])).toEqual([])
  })
})

describe('a cart', () => {
  const plain = { hasSecondary: false }
  const secondary = { hasSecondary: true }
  test.each([
    ['empty', [], 'CART_EMPTY'],
    ['of one', [plain], undefined],
    ['of five', Array(5).fill(plain), undefined],
    ['of six', Array(6).fill(plain), 'CART_FULL'],
    ['of one due with two beneficiaries', [secondary], undefined],
    ['of such a due and another one', [plain, secondary], 'CART_MIX_NOT_ALLOWED'],
  ])('%s: %j -> %s', (_, dues, problem) => {
    expect(cartProblem(dues)).toBe(problem)
  })
})
