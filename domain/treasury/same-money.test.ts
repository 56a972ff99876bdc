import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SOURCES } from './movement.ts'
import { sameMoney, type SameMoneyCredit } from './same-money.ts'

const credit = (id: string, source: SameMoneyCredit['source'], given: Partial<SameMoneyCredit> = {}) => ({
  id,
  source,
  trn: null,
  plain: 'TEXT',
  ...given,
})
const pairs = (...credits: SameMoneyCredit[]) => [...sameMoney(credits)]

describe('the same money in another kind of file', () => {
  it('is known by its text or by the reference of the bank', () => {
    expect(pairs(credit('1', 'csv'), credit('2', 'opi'))).toEqual([['1', '2']])
    const byTrn = [
      credit('1', 'camt', { trn: 'T', plain: 'A' }),
      credit('2', 'opi', { trn: 'T', plain: 'B' }),
    ]
    expect(pairs(...byTrn)).toEqual([['1', '2']])
  })

  it('is not supposed where neither is equal, or nothing is said', () => {
    expect(pairs(credit('1', 'csv', { plain: 'A' }), credit('2', 'opi', { plain: 'B' }))).toEqual([])
    expect(pairs(credit('1', 'csv', { plain: '' }), credit('2', 'opi', { plain: '' }))).toEqual([])
  })

  it('is never in the same kind of file: two equal transfers are two', () => {
    expect(pairs(credit('1', 'opi'), credit('2', 'opi'))).toEqual([])
    expect(pairs(credit('1', 'opi'), credit('2', 'opi'), credit('3', 'csv'))).toEqual([['3', '1']])
    expect(pairs(credit('1', 'opi'), credit('2', 'opi'), credit('3', 'csv'), credit('4', 'csv'))).toEqual([
      ['3', '1'],
      ['4', '2'],
    ])
  })

  it('a reference says more than a text', () => {
    const credits = [credit('1', 'opi'), credit('2', 'opi', { trn: 'T' }), credit('3', 'camt', { trn: 'T' })]
    expect(pairs(...credits)).toEqual([['3', '2']])
  })

  it('of three kinds counts once', () => {
    expect(pairs(credit('1', 'csv'), credit('2', 'camt'), credit('3', 'opi'))).toEqual([
      ['2', '3'],
      ['1', '3'],
    ])
  })
})

const anyCredits = fc.array(
  fc.record({ source: fc.constantFrom(...SOURCES), plain: fc.constantFrom('A', 'B') }),
  {
    maxLength: 12,
  },
)
const withIds = (given: readonly { source: SameMoneyCredit['source']; plain: string }[]) =>
  given.map((one, at): SameMoneyCredit => ({ ...one, trn: null, id: `${at}` }))

it('what counts is as much as the kind of file that has the most of it', () => {
  fc.assert(
    fc.property(anyCredits, (given) => {
      const credits = withIds(given)
      const twins = sameMoney(credits)
      for (const plain of ['A', 'B']) {
        const of = credits.filter((one) => one.plain === plain)
        const most = Math.max(0, ...SOURCES.map((source) => of.filter((one) => one.source === source).length))
        expect(of.filter(({ id }) => !twins.has(id))).toHaveLength(most)
      }
    }),
  )
})

it('the order in which files come does not matter', () => {
  fc.assert(
    fc.property(anyCredits.map(withIds), (credits) => {
      expect(sameMoney(credits.toReversed())).toEqual(sameMoney(credits))
    }),
  )
})
