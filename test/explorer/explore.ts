import { hash } from 'node:crypto'

/** What can happen next in a world, and what is broken in it. */
export interface Explored<World> {
  eventsOf: (world: World) => Event<World>[]
  brokenIn: (world: World) => string | undefined
}

export interface Event<World> {
  name: string
  apply: (world: World) => World
}

export interface Exploration {
  states: number
  edges: number
  /** Shortest list of events that leads to a broken world. */
  violation: { story: string[]; what: string } | undefined
}

interface Visit<World> {
  world: World
  story: Story | undefined
}

/** A linked list of events. Stories share their beginnings, so that a million of them fit in memory. */
interface Story {
  event: string
  before: Story | undefined
}

/** Explores breadth first and visits each state once. Stops at the first violation, whose story is therefore a shortest one. */
export function explore<World>(
  { eventsOf, brokenIn }: Explored<World>,
  start: World,
  depth: number,
): Exploration {
  const seen = new Set([keyOf(start)])
  let edges = 0
  let frontier: Visit<World>[] = [{ world: start, story: undefined }]
  for (let level = 0; level < depth; level++) {
    const next: Visit<World>[] = []
    for (const visit of frontier) {
      for (const event of eventsOf(visit.world)) {
        edges++
        const story = { event: event.name, before: visit.story }
        const reached = tryEvent(event.apply, visit.world)
        if (typeof reached === 'string')
          return { states: seen.size, edges, violation: { story: told(story), what: reached } }
        const key = keyOf(reached)
        if (seen.has(key)) continue
        const what = brokenIn(reached)
        if (what !== undefined) return { states: seen.size, edges, violation: { story: told(story), what } }
        seen.add(key)
        next.push({ world: reached, story })
      }
    }
    frontier = next
  }
  return { states: seen.size, edges, violation: undefined }
}

function tryEvent<World>(apply: (world: World) => World, world: World): World | string {
  try {
    return apply(world)
  } catch (error) {
    return (error as Error).message
  }
}

const keyOf = (world: unknown): string => hash('sha1', JSON.stringify(world), 'base64')

function told(story: Story | undefined): string[] {
  const events: string[] = []
  for (let one = story; one; one = one.before) events.unshift(one.event)
  return events
}
