/** Generator of numbers in [0, 1) that depend on the seed only (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export const between = (random: () => number, least: number, most: number): number =>
  Math.round(least + random() * (most - least))

export const pick = <T>(random: () => number, from: readonly T[]): T =>
  from[Math.floor(random() * from.length)]!

/** The same things in an order that depends on the seed, so that a long enough storm has each of them. */
export function shuffled<T>(random: () => number, things: readonly T[]): T[] {
  const left = [...things]
  return things.map(() => left.splice(Math.floor(random() * left.length), 1)[0]!)
}
