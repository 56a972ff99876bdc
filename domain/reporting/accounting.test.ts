import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyFacts } from '../../test/reconciliation/any-facts.ts'
import { addTo, linesOf, type Account, type AccountedRow, type AccountingLine } from './accounting.ts'
import { reconcile } from './reconcile.ts'

const row = (given: Partial<AccountedRow> & { placed?: number; revoked?: number }): AccountedRow => ({
  places: { placed: given.placed ?? 0, revoked: given.revoked ?? 0 },
  dueType: 'MENSA',
  chapters: [],
  ...given,
})
const chapter = (capitolo: string, importo: number, accertamento = '') => ({
  capitolo,
  ufficio: 'SCU',
  accertamento,
  importo,
})

function booked(declaredCents: number, rows: readonly AccountedRow[]): AccountingLine[] {
  const account: Account = new Map()
  for (const one of rows) addTo(account, one)
  return linesOf(account, declaredCents)
}

const told = (lines: readonly AccountingLine[]): string[] =>
  lines.map(({ dueType, ufficio, capitolo, accertamento, cents }) =>
    [dueType ?? '–', ufficio, capitolo, accertamento, cents].join(' '),
  )

const TWO = [chapter('E1', 600), chapter('E2', 400, '2026/1')]

describe('what an accountant books of a flow', () => {
  it.each<[string, number, readonly AccountedRow[], readonly string[]]>([
    ['a due without a bilancio', 1000, [row({ placed: 1000 })], ['MENSA    1000']],
    ['two of one type', 1500, [row({ placed: 1000 }), row({ placed: 500 })], ['MENSA    1500']],
    [
      'two types, in order',
      1500,
      [row({ placed: 1000 }), row({ placed: 500, dueType: 'COSAP' })],
      ['COSAP    500', 'MENSA    1000'],
    ],
    [
      'a bilancio',
      1000,
      [row({ placed: 1000, chapters: TWO })],
      ['MENSA SCU E1  600', 'MENSA SCU E2 2026/1 400'],
    ],
    [
      'a chapter of two dues',
      2000,
      [row({ placed: 1000, chapters: TWO }), row({ placed: 1000, chapters: [chapter('E1', 1000)] })],
      ['MENSA SCU E1  1600', 'MENSA SCU E2 2026/1 400'],
    ],
    ['a bilancio with another sum', 900, [row({ placed: 900, chapters: TWO })], ['MENSA    900']],
    ['a payment of an unknown due', 1000, [row({ placed: 1000, dueType: null })], ['–    1000']],
    ['a payment without a place', 1000, [row({})], ['–    1000']],
    ['a payment with more than its due', 1500, [row({ placed: 1000 })], ['MENSA    1000', '–    500']],
    ['a total with a cent more', 1001, [row({ placed: 1000 })], ['MENSA    1000', '–    1']],
    ['a total with a cent less', 999, [row({ placed: 1000 })], ['MENSA    1000', '–    -1']],
    [
      'a payment and its revocation',
      0,
      [row({ placed: 1000, chapters: TWO }), row({ revoked: 1000, chapters: TWO })],
      [],
    ],
    [
      'the revocation of a payment of another flow',
      500,
      [row({ placed: 1500 }), row({ revoked: 1000, chapters: TWO })],
      ['MENSA    1500', 'MENSA SCU E1  -600', 'MENSA SCU E2 2026/1 -400'],
    ],
    ['the revocation of nobody', -1000, [row({ revoked: 1000, dueType: null })], ['–    -1000']],
    ['nothing', 0, [], []],
  ])('%s', (_name, declared, rows, lines) => {
    expect(told(booked(declared, rows))).toEqual(lines)
  })

  it('sums up to the declared total, whatever its rows are', () => {
    const anyChapters = fc.array(fc.constantFrom(...TWO, chapter('E1', 300)), { maxLength: 3 })
    const any = fc.tuple(
      anyFacts,
      fc.array(anyChapters, { minLength: 6, maxLength: 6 }),
      fc.integer({ min: -9, max: 9_999 }),
    )
    fc.assert(
      fc.property(any, ([facts, chapters, declared]) => {
        const rows = reconcile([facts])[0]!.rows.map(({ places, dueId }, at) => ({
          places,
          dueType: dueId,
          chapters: chapters[at]!,
        }))
        expect(booked(declared, rows).reduce((total, { cents }) => total + cents, 0)).toBe(declared)
      }),
    )
  })
})
