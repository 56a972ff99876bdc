import { expect } from 'vitest'
import { findingsOf, isSettled, type Healing } from './checker.ts'
import type { World } from './world.ts'

/** Every named fault ends with this: all payments of the world, settled and sound. */
export async function expectSound(world: World, healing: Healing = {}): Promise<void> {
  const findings = await findingsOf(world, healing)
  expect(findings.filter(({ violations }) => violations.length > 0)).toEqual([])
  expect(await isSettled(world)).toBe(true)
}
