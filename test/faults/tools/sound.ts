import { expect } from 'vitest'
import { findingsOf, unsettledIn, type Circumstances } from './checker.ts'
import type { World } from './world.ts'

/** Every test of a fault ends with this: all payments are settled and the checker finds no violation. */
export async function expectSound(world: World, given: Circumstances = {}): Promise<void> {
  const findings = await findingsOf(world, given, given.resources ? RESOURCES_BACK_WITHIN_MS : undefined)
  expect(findings.filter(({ violations }) => violations.length > 0)).toEqual([])
  expect(await unsettledIn(world)).toEqual([])
}

/** Time in which I17 requires that resources are free again. */
const RESOURCES_BACK_WITHIN_MS = 60_000
