import { describe, expect, test } from 'vitest'
import { explore } from '../../test/explorer/explore.ts'
import { eventsOf, type Breadth } from '../../test/explorer/reporting/events.ts'
import { brokenIn } from '../../test/explorer/reporting/invariants.ts'
import { wrongIn } from '../../test/explorer/reporting/wrong-acts.ts'
import { freshWorld, shareOf, type World } from '../../test/explorer/reporting/world.ts'

const DEPTHS: [Breadth, number][] = [
  ['full', 4],
  ['judged', 5],
]

describe('rows, revisions, receipts, attempts and people, in whatever order', () => {
  test.each(DEPTHS)(
    '%s, %i events: nothing breaks',
    (breadth, depth) => {
      const rules = { eventsOf: (world: World) => eventsOf(world, breadth), brokenIn }
      const { states, edges, violation } = explore(rules, freshWorld(), depth)
      process.stdout.write(`explored reporting, ${breadth}: ${states} states, ${edges} edges\n`)
      expect(violation).toBeUndefined()
      expect(states).toBeGreaterThan(10_000)
    },
    120_000,
  )
})

describe('the explorer sees', () => {
  const played = (...names: string[]): World =>
    names.reduce((world, name) => {
      const event = eventsOf(world, 'full').find((one) => one.name === name)
      if (!event) throw new RangeError(`cannot happen here: ${name}`)
      return event.apply(world)
    }, freshWorld())
  const withShare = (world: World, given: object): World => ({
    ...world,
    facts: { ...world.facts, transfers: [{ ...shareOf(world), ...given }] },
  })

  const PAID = 'F1 lists A with code 9'
  const plants: [string, World, (world: World) => World][] = [
    ['paid means settled', played(PAID), (world) => withShare(world, { dueState: 'payable' })],
    [
      'a receipt takes the place',
      played('the receipt of A settles', PAID),
      (world) => withShare(world, { proof: { by: 'row', rowId: 'F1.1.0' } }),
    ],
    [
      'a row settles only without a receipt by itself',
      played(PAID),
      (world) => ({ ...world, withoutReceipt: [] }),
    ],
    [
      'a row of an old revision settles nothing',
      played(PAID, 'F1 lists A with code 9'),
      (world) => ({
        ...world,
        facts: { ...world.facts, rows: world.facts.rows.map((row) => ({ ...row, isCurrent: false })) },
      }),
    ],
    [
      'a decision about a payment that is gone is shown',
      played('F1 lists A with code 0', 'a person decides: accepted about F1.1.0', 'F1 lists nothing'),
      (world) => ({ ...world, judged: [] }),
    ],
    [
      'unplaced cents call a person',
      played('the receipt of B settles', PAID),
      (world) => ({
        ...world,
        facts: { ...world.facts, rows: world.facts.rows.map((row) => ({ ...row, anomalies: [] })) },
      }),
    ],
  ]

  test.each(plants)('a world where this does not hold: %s', (name, world, plant) => {
    expect(brokenIn(world)).toBeUndefined()
    expect(brokenIn(plant(world))).toMatch(name)
  })

  test('a machine that settles by money that a person took off', () => {
    const world = played(PAID, 'a person takes the money of F1.1.0 off the due')
    const settle = {
      kind: 'settle',
      shareId: 's1',
      dueId: 'd1',
      rowId: 'F1.1.0',
      cents: 1000,
      insteadOf: null,
    } as const
    expect(wrongIn(world.facts, [settle])).toMatch('a person took off')
    expect(wrongIn(world.facts, [])).toBeUndefined()
  })
})
