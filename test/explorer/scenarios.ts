import { eventsOf } from './events.ts'
import { freshWorld, type Scenario, type World } from './world.ts'

const position = (shareId: string, cents: number): Scenario['attempts'][number][number] => ({
  shareId,
  dueId: shareId.slice(0, 2),
  cents,
})

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'one due, one RPT',
    breadth: 'full',
    dues: [{ id: 'd1', shares: ['d1.1'] }],
    attempts: [[position('d1.1', 1000)]],
  },
  {
    name: 'two dues in one RPT',
    breadth: 'full',
    dues: [
      { id: 'd1', shares: ['d1.1'] },
      { id: 'd2', shares: ['d2.1'] },
    ],
    attempts: [[position('d1.1', 1000), position('d2.1', 2000)]],
  },
  {
    name: 'two dues, an RPT each',
    breadth: 'classes',
    dues: [
      { id: 'd1', shares: ['d1.1'] },
      { id: 'd2', shares: ['d2.1'] },
    ],
    attempts: [[position('d1.1', 1000)], [position('d2.1', 2000)]],
  },
  {
    name: 'one due of two beneficiaries, an RPT each',
    breadth: 'classes',
    dues: [{ id: 'd1', shares: ['d1.1', 'd1.2'] }],
    attempts: [[position('d1.1', 1000)], [position('d1.2', 500)]],
  },
]

/** Worlds to start from, so far advanced that seven more events reach the rare cases. */
export const STARTS: Record<string, (scenario: Scenario) => World> = {
  'nothing has happened': freshWorld,
  'the first cart fell silent, the second is under way': (scenario) =>
    played(scenario, [
      '1: begin',
      '1: send accepted',
      '1: 21600 minutes after begin',
      ...scenario.attempts.map((_, attempt) => `1: node of attempt ${attempt + 1}: RPT_ACCETTATA_NODO`),
      '2: begin',
      '2: send accepted',
    ]),
}

/** The world after the named events. @throws RangeError when an event is not possible at its turn */
export function played(scenario: Scenario, names: readonly string[]): World {
  return names.reduce((world, name) => {
    const event = eventsOf(world, scenario).find((one) => one.name === name)
    if (!event) throw new RangeError(`cannot happen here: ${name}`)
    return event.apply(world)
  }, freshWorld(scenario))
}
