/** Waits for a turn, then runs the work. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>

/** Runs at most `most` works at the same time. The others wait in the order in which they came. */
export function createTurns(most: number): Turns {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running < most) running += 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
