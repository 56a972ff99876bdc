import { Context } from '@temporalio/activity'

const EVERY_MS = 2_000

/** Sends heartbeats while the work runs, so that Temporal notices a dead worker within seconds and not at the end of the time limit. */
export async function keepAlive<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current()
  const beat = setInterval(() => context.heartbeat(), EVERY_MS)
  try {
    return await work()
  } finally {
    clearInterval(beat)
  }
}
