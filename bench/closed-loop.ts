import { setTimeout as sleep } from 'node:timers/promises'

export interface Loop {
  inFlight: number
  windowMs: number
  /** One payment from click to mail; undefined when none is left. */
  one(): Promise<void> | undefined
  /** At both ends of the window. */
  mark?(): void
}

export interface LoopResult {
  done: number
  seconds: number
}

/**
 * Always `inFlight` under way; what ends in the window counts, the rest is waited for and does not. The window opens when as
 * many have ended as are under way: all begin at once, and a window over that first wave would see its work and not its ends.
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
  // A lane that fails ends the run at once, not after the window.
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
