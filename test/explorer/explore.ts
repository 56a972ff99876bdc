import { hash } from 'node:crypto'
import { eventsOf } from './events.ts'
import { brokenIn } from './invariants.ts'
import type { Scenario, World } from './world.ts'

export interface Exploration {
  states: number
  edges: number
  /** Shortest list of events that leads to a broken world. */
  violation: { story: string[]; what: string } | undefined
}

interface Visit {
  world: World
  story: Story | undefined
}

/** A linked list of events. Stories share their beginnings, so that a million of them fit in memory. */
interface Story {
  event: string
  before: Story | undefined
}

/** Explores breadth first and visits each state once. Stops at the first violation, whose story is therefore a shortest one. */
export function explore(scenario: Scenario, start: World, depth: number): Exploration {
  const seen = new Set([keyOf(start)])
  let edges = 0
  let frontier: Visit[] = [{ world: start, story: undefined }]
  for (let level = 0; level < depth; level++) {
    const next: Visit[] = []
    for (const visit of frontier) {
      for (const event of eventsOf(visit.world, scenario)) {
        edges++
        const story = { event: event.name, before: visit.story }
        const reached = tryEvent(event.apply, visit.world, scenario)
        if (typeof reached === 'string')
          return { states: seen.size, edges, violation: { story: told(story), what: reached } }
        const key = keyOf(reached)
        if (seen.has(key)) continue
        const what = brokenIn(reached, scenario)
        if (what !== undefined) return { states: seen.size, edges, violation: { story: told(story), what } }
        seen.add(key)
        next.push({ world: reached, story })
      }
    }
    frontier = next
  }
  return { states: seen.size, edges, violation: undefined }
}

function tryEvent(apply: (world: World) => World, world: World, scenario: Scenario): World | string {
  try {
    return apply(world)
  } catch (error) {
    return `${scenario.name}: ${(error as Error).message}`
  }
}

const keyOf = (world: World): string => hash('sha1', JSON.stringify(world), 'base64')

function told(story: Story | undefined): string[] {
  const events: string[] = []
  for (let one = story; one; one = one.before) events.unshift(one.event)
  return events
}
