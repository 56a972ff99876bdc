import { setTimeout as sleep } from 'node:timers/promises'

export interface Loop {
  inFlight: number
  /** The shortest window. */
  windowMs: number
  /** The window also stays open until so many payments have ended in it, because a slow machine ends them in bursts. */
  atLeast?: number
  /** Starts one payment, from click to mail; returns undefined when none is left. */
  one(): Promise<void> | undefined
  /** Called at both ends of the window. */
  mark?(): void
}

export interface LoopResult {
  done: number
  seconds: number
}

/**
 * Keeps `inFlight` payments under way and counts those that end in the window; the rest are awaited and not counted. The
 * window opens when `inFlight` payments have ended: all begin at once, so a window over that first wave would include its
 * work but not its ends.
 */
export async function closedLoop({ inFlight, windowMs, atLeast = 0, one, mark }: Loop): Promise<LoopResult> {
  let done = 0
  let isOver = false
  const ended = createCount()
  const lane = async (): Promise<void> => {
    while (!isOver) {
      const running = one()
      if (!running) throw new Error('too few payments were prepared')
      await running
      done += 1
      ended.tell(done)
    }
  }
  const lanes = Promise.all(Array.from({ length: inFlight }, lane))
  // Waits for the lanes too, so that a lane that fails ends the run at once.
  await Promise.race([ended.reach(inFlight), lanes])
  const before = done
  const startedAt = performance.now()
  mark?.()
  await Promise.race([Promise.all([sleep(windowMs), ended.reach(before + atLeast)]), lanes])
  const result = { done: done - before, seconds: (performance.now() - startedAt) / 1000 }
  mark?.()
  isOver = true
  await lanes
  return result
}

/** A growing number; one waiter at a time waits until it reaches a mark. */
function createCount(): { tell(now: number): void; reach(mark: number): Promise<void> } {
  let current = 0
  let waiting: { mark: number; go: () => void } | undefined
  return {
    tell(now) {
      current = now
      if (waiting && current >= waiting.mark) waiting.go()
    },
    reach: (mark) =>
      new Promise((go) => {
        waiting = { mark, go }
        if (current >= mark) go()
      }),
  }
}
