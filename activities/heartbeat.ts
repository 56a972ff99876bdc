import { Context } from '@temporalio/activity'

const EVERY_MS = 2_000

/** Heartbeats while the work runs, so that a dead worker is noticed in seconds and not at the end of the time limit. */
export async function keepAlive<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current()
  const beat = setInterval(() => context.heartbeat(), EVERY_MS)
  try {
    return await work()
  } finally {
    clearInterval(beat)
  }
}
