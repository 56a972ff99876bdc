import { afterAll, beforeAll, beforeEach } from 'vitest'
import { startWorld, type GivenWorld, type World } from './world.ts'

/** Time to start everything and to prepare it. */
const START_MS = 120_000

/**
 * One world for all tests of a file. It starts before the first test and is closed after the last. Before each test the simulator forgets
 * how it should misbehave.
 * @param keep gets the started world, and prepares what its tests share
 */
export function useWorld(keep: (world: World) => unknown, given: GivenWorld = {}): void {
  let world: World | undefined
  beforeAll(async () => {
    world = await startWorld(given)
    await keep(world)
  }, START_MS)
  afterAll(() => world?.close())
  beforeEach(() => world?.simulator.behave({ clear: true }))
}
