import { createHash } from 'node:crypto'

/**
 * A number in [0, 1) that depends only on the arguments. The n-th call of an operation gets the same number in every
 * run with the same seed, whatever calls of other operations come between.
 */
export function draw(seed: number, ...what: (string | number)[]): number {
  const bytes = createHash('sha256')
    .update([seed, ...what].join('|'))
    .digest()
  return bytes.readUIntBE(0, 6) / 2 ** 48
}

/** Numbers in [0, 1), one per call. */
export type Random = () => number

/** A sequence of numbers that depends only on the arguments. */
export function source(seed: number, ...what: (string | number)[]): Random {
  let state = draw(seed, ...what) * 2 ** 32
  // Mulberry32, because a hash for each of thousands of numbers would be slow.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const chance = (random: Random, of: number): boolean => random() < of

export const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!

/** A whole number from `least` to `most`, both included. */
export const between = (random: Random, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1))
