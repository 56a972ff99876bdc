import { expect } from 'vitest'
import { findingsOf, unsettledIn, type Circumstances } from './checker.ts'
import type { World } from './world.ts'

/** Every named fault ends with this: all payments of the world, settled and sound. */
export async function expectSound(world: World, given: Circumstances = {}): Promise<void> {
  const findings = await findingsOf(world, given, given.resources ? RESOURCES_BACK_WITHIN_MS : undefined)
  expect(findings.filter(({ violations }) => violations.length > 0)).toEqual([])
  expect(await unsettledIn(world)).toEqual([])
}

/** I17. */
const RESOURCES_BACK_WITHIN_MS = 60_000
