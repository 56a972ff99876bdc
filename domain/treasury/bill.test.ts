import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeBills, type BillMovement } from './bill.ts'
import { settledBy } from './settled.ts'

let place = 0
const movement = (given: Partial<BillMovement> = {}): BillMovement => ({
  key: 'a',
  series: '2025',
  act: 'credit',
  bolletta: null,
  stornoOf: null,
  cents: 500,
  bookedOn: '2025-07-15',
  trn: null,
  endToEndId: null,
  madeAt: '2025-07-16T02:00:00',
  place: ++place,
  ...given,
})
const left = (...movements: BillMovement[]) =>
  judgeBills(movements).bills.map(({ key, cents }) => [key, cents])

describe('a storno', () => {
  it('takes back the whole or a part', () => {
    expect(left(movement(), movement({ act: 'storno' }))).toEqual([['a', 0]])
    expect(left(movement(), movement({ act: 'storno', cents: 499 }))).toEqual([['a', 1]])
    expect(
      left(movement(), movement({ act: 'storno', cents: 200 }), movement({ act: 'storno', cents: 100 })),
    ).toEqual([['a', 200]])
  })

  it('of more than there is leaves nothing, and no debt', () => {
    expect(left(movement(), movement({ act: 'storno', cents: 900 }))).toEqual([['a', 0]])
  })

  it('waits for its bill, and finds it when that comes', () => {
    const storno = movement({ act: 'storno' })
    expect(judgeBills([storno])).toEqual({ bills: [], waiting: [storno] })
    expect(left(storno, movement())).toEqual([['a', 0]])
  })

  it('names the bolletta where it has no number, within its series', () => {
    const storno = movement({ key: 'x', act: 'storno', stornoOf: '70' })
    const bill = movement({ bolletta: '70' })
    expect(left(bill, storno)).toEqual([['a', 0]])
    expect(left({ ...bill, series: '2024' }, storno)).toEqual([['a', 500]])
  })

  it('its own number comes before the bolletta', () => {
    const bills = [movement(), movement({ key: 'b', bolletta: '70' })]
    expect(left(...bills, movement({ act: 'storno', stornoOf: '70' }))).toEqual([
      ['a', 0],
      ['b', 500],
    ])
  })

  it('of a statement is known by the references, for at most what is left', () => {
    const bill = movement({ trn: 'T', endToEndId: 'E' })
    expect(left(bill, movement({ key: 'x', act: 'storno', endToEndId: 'E' }))).toEqual([['a', 0]])
    expect(left(bill, movement({ key: 'x', act: 'storno', trn: 'T', cents: 501 }))).toEqual([['a', 500]])
    expect(left(movement(), movement({ key: 'x', act: 'storno' }))).toEqual([['a', 500]])
  })
})

describe('a correction', () => {
  it('of the newest file holds, and the older one can still be read', () => {
    const old = movement({ cents: 500 })
    const corrected = movement({ cents: 700, madeAt: '2025-07-17T02:00:00' })
    expect(judgeBills([corrected, old]).bills).toMatchObject([
      { cents: 700, current: corrected, older: [old] },
    ])
  })

  it('in one file is what stands last', () => {
    const [first, last] = [movement({ cents: 1 }), movement({ cents: 2 })]
    expect(left(last, first)).toEqual([['a', 2]])
  })

  it('leaves what was taken back', () => {
    const corrected = movement({ cents: 700, madeAt: '2025-07-17T02:00:00' })
    expect(left(movement(), movement({ act: 'storno', cents: 100 }), corrected)).toEqual([['a', 600]])
  })
})

it('what settles and releases moves no money', () => {
  expect(left(movement(), movement({ act: 'settled' }), movement({ act: 'released' }))).toEqual([['a', 500]])
})

it('the order of the movements does not matter', () => {
  const anyMovement = fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    series: fc.constant('2025'),
    act: fc.constantFrom('credit' as const, 'storno' as const, 'settled' as const),
    bolletta: fc.constantFrom(null, '1', '2'),
    stornoOf: fc.constantFrom(null, '1', '2', '3'),
    cents: fc.integer({ min: 0, max: 5 }),
    bookedOn: fc.constantFrom('2025-07-15', '2025-07-16'),
    trn: fc.constantFrom(null, 'T'),
    endToEndId: fc.constant(null),
    madeAt: fc.constantFrom('2025-07-16T02:00:00', '2025-07-17T02:00:00'),
  })
  const anyOrder = fc
    .array(anyMovement, { maxLength: 9 })
    .map((given) => given.map((one, at): BillMovement => ({ ...one, place: at })))
    .chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })))
  const total = (movements: readonly BillMovement[]) =>
    new Map(judgeBills(movements).bills.map(({ key, cents, current }) => [key, [cents, current.place]]))
  fc.assert(
    fc.property(anyOrder, ([given, shuffled]) => {
      expect(total(shuffled)).toEqual(total(given))
    }),
  )
})

describe('which reversale settled a sospeso', () => {
  const step = (given: object) => ({
    act: 'settled' as const,
    number: null,
    reversale: null,
    sospesi: [],
    bookedOn: '2025-07-15',
    place: { line: 1, page: null, number: ++place },
    ...given,
  })
  const by402 = step({ reversale: '402', sospesi: [{ number: '7', cents: 1 }] })
  it.each([
    ['none', [], null],
    ['one that names it', [by402], '402'],
    ['one that names another', [step({ reversale: '402', sospesi: [{ number: '8', cents: 1 }] })], null],
    ['unknown, as only the sospeso says', [step({ number: '7' })], ''],
    ['what the reversale says counts more', [by402, step({ number: '7' })], '402'],
    ['it was released', [by402, step({ act: 'released', number: '7' })], null],
    ['the reversale was taken back whole', [by402, step({ act: 'released', reversale: '402' })], null],
    ['another reversale was taken back', [by402, step({ act: 'released', reversale: '403' })], '402'],
    [
      'it was settled again',
      [step({ act: 'released', number: '7' }), { ...by402, bookedOn: '2025-07-16' }],
      '402',
    ],
  ])('%s', (_, steps, expected) => {
    expect(settledBy('7', steps)).toBe(expected)
    expect(settledBy('7', steps.toReversed())).toBe(expected)
  })
})
