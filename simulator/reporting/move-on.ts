import { nowIso, type Context } from '../context.ts'

/** Moves the clock of this world forward by whole days, and returns what it says then. */
export function moveOn(context: Context, days: number): Date {
  context.world.record({ type: 'moved_on', at: nowIso(context), days })
  return context.now()
}
