import { expect, it } from 'vitest'
import { isSound, linesOf } from './storm/report.ts'
import { runStorm } from './storm/run.ts'
import { scheduleFor } from './storm/schedule.ts'
import { startWorld } from './tools/world.ts'

it('the same seed is the same storm, another seed another', () => {
  expect(scheduleFor(7, 200)).toEqual(scheduleFor(7, 200))
  expect(scheduleFor(8, 200)).not.toEqual(scheduleFor(7, 200))
})

it('among 20 payments some have unusually written receipts and some have not', () => {
  const unusual = scheduleFor(20, 20).orders.filter(({ spelling }) => spelling !== null)
  expect(unusual.length).toBeGreaterThan(3)
  expect(unusual.length).toBeLessThan(17)
})

it('20 payments in a storm: none lost, none doubled, none stuck', async () => {
  const world = await startWorld({ seed: 20, withFiles: true, withReporting: true })
  try {
    const report = await runStorm(world, 20, 20)
    expect(isSound(report), linesOf(report).join('\n')).toBe(true)
    expect(report.flows).toBeGreaterThan(5)
  } finally {
    await world.close()
  }
}, 240_000)
