import { describe, expect, test } from 'vitest'
import { eventsOf } from '../../test/explorer/events.ts'
import { explore, type Explored } from '../../test/explorer/explore.ts'
import { brokenIn } from '../../test/explorer/invariants.ts'
import { played, SCENARIOS, STARTS } from '../../test/explorer/scenarios.ts'
import type { World } from '../../test/explorer/world.ts'

/** From the second start on, every scenario already has six events or more. */
const DEPTHS = [7, 5]
const runs = Object.keys(STARTS).flatMap((start, index) =>
  SCENARIOS.map((scenario) => ({ scenario, start, depth: DEPTHS[index]! })),
)

const rulesOf = (scenario: (typeof SCENARIOS)[number]): Explored<World> => ({
  eventsOf: (world) => eventsOf(world, scenario),
  brokenIn: (world) => brokenIn(world, scenario),
})

describe('whatever happens, in whatever order', () => {
  test.each(runs)(
    '$scenario.name, after "$start", $depth more events: nothing breaks',
    ({ scenario, start, depth }) => {
      const { states, edges, violation } = explore(rulesOf(scenario), STARTS[start]!(scenario), depth)
      process.stdout.write(`explored ${scenario.name}, ${start}: ${states} states, ${edges} edges\n`)
      expect(violation).toBeUndefined()
      expect(states).toBeGreaterThan(1_000)
    },
    60_000,
  )
})

describe('the explorer sees', () => {
  const [one, , , beneficiaries] = SCENARIOS as [
    (typeof SCENARIOS)[0],
    (typeof SCENARIOS)[0],
    (typeof SCENARIOS)[0],
    (typeof SCENARIOS)[0],
  ]
  const paid = (): World =>
    played(one, [
      '1: begin',
      '1: send accepted',
      '1: psp makes receipt paid of attempt 1',
      '1: receipt paid of attempt 1 arrives',
      '1: settle',
    ])
  const open = (): World => played(one, ['1: begin', '1: send accepted'])

  const plants: [string, World, (world: World) => void][] = [
    ['no money is lost', paid(), (world) => (world.settlements[0]!.cents -= 1)],
    [
      'no share is settled twice',
      paid(),
      ({ settlements }) => settlements.push({ ...settlements[0]!, receiptId: 'x' }),
    ],
    [
      'no final state without an outcome',
      paid(),
      (world) => (world.carts[0]!.attempts[0]!.settlingReceipt = null),
    ],
    ['the cart is what its RPTs are', paid(), (world) => (world.carts[0]!.state = 'not_paid')],
    [
      'a due is held by an attempt that may still pay it, or by nobody',
      paid(),
      (world) => (world.dues[0]!.heldBy = 0),
    ],
    [
      'an RPT whose money moved is not called unpaid',
      paid(),
      (world) => (world.carts[0]!.attempts[0]!.settlingReceipt!.outcome = 'not_paid'),
    ],
    ['at most one live attempt', open(), (world) => (world.dues[0]!.heldBy = null)],
    ['paid means settled', paid(), (world) => (world.dues[0]!.state = 'payable')],
    [
      'a refusal is believed only of a message that never arrived',
      played(one, ['1: begin', '1: send refused']),
      (world) => (world.carts[0]!.message = 'arrived'),
    ],
  ]

  test.each(plants)('a world that violates: %s', (name, world, plant) => {
    expect(brokenIn(world, one)).toBeUndefined()
    plant(world)
    expect(brokenIn(world, one)).toMatch(name)
  })

  test('a due of two beneficiaries left half paid without calling anybody', () => {
    const world = played(beneficiaries, [
      '1: begin',
      '1: send accepted',
      '1: psp makes receipt paid of attempt 1',
      '1: psp makes receipt not_paid of attempt 2',
      '1: receipt paid of attempt 1 arrives',
      '1: receipt not_paid of attempt 2 arrives',
      '1: settle',
    ])
    expect(brokenIn(world, beneficiaries)).toBeUndefined()
    world.anomalies = []
    expect(brokenIn(world, beneficiaries)).toMatch('unless a person is called')
  })

  test('money of an earlier attempt that pays a due while somebody else does', () => {
    const world = STARTS['the first cart fell silent, the second is under way']!(one)
    expect(brokenIn(world, one)).toBeUndefined()
    world.settlements.push({ shareId: 'd1.1', receiptId: 'a0r0d0', cents: 1000 })
    expect(brokenIn(world, one)).toMatch('a held due is settled')
  })

  test('money left waiting for an attempt that is over', () => {
    const world = played(one, ['1: begin', '1: send refused'])
    const money = { kind: 'late_while_paying' as const, attemptId: 'a0r0', receiptId: 'x', dueId: 'd1' }
    world.anomalies.push({ ...money, shareId: 'd1.1', cents: 1000 })
    expect(brokenIn(world, one)).toMatch('money waits')
  })

  test('a second begin of a held due cannot happen', () => {
    expect(() => played(one, ['1: begin', '2: begin'])).toThrow('cannot happen here: 2: begin')
  })
})
