import { setTimeout as sleep } from 'node:timers/promises'

export interface Loop {
  inFlight: number
  windowMs: number
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
export async function closedLoop({ inFlight, windowMs, one, mark }: Loop): Promise<LoopResult> {
  let done = 0
  let isOver = false
  let filled: (() => void) | undefined
  const isFilled = new Promise<void>((resolve) => (filled = resolve))
  const lane = async (): Promise<void> => {
    while (!isOver) {
      const running = one()
      if (!running) throw new Error('too few payments were prepared')
      await running
      done += 1
      if (done === inFlight) filled?.()
    }
  }
  const lanes = Promise.all(Array.from({ length: inFlight }, lane))
  // Waits for the lanes too, so that a lane that fails ends the run at once.
  await Promise.race([isFilled, lanes])
  const before = done
  const startedAt = performance.now()
  mark?.()
  await Promise.race([sleep(windowMs), lanes])
  const result = { done: done - before, seconds: (performance.now() - startedAt) / 1000 }
  mark?.()
  isOver = true
  await lanes
  return result
}
