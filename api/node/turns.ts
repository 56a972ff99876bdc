/** Runs its work when it is its turn. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>

/** At most `most` works at a time; the others wait, first come first served. */
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
