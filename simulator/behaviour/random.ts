import { createHash } from 'node:crypto'

/**
 * A number in [0, 1) that depends on its arguments only. The n-th call of an operation draws
 * the same in every run of a seed, however the calls of other operations fall between.
 */
export function draw(seed: number, ...what: (string | number)[]): number {
  const bytes = createHash('sha256')
    .update([seed, ...what].join('|'))
    .digest()
  return bytes.readUIntBE(0, 6) / 2 ** 48
}

/** Numbers in [0, 1), one after the other. */
export type Random = () => number

/** As many numbers as are wanted that depend on its arguments only. */
export function source(seed: number, ...what: (string | number)[]): Random {
  let state = draw(seed, ...what) * 2 ** 32
  // Mulberry32: a hash for each of thousands of numbers would take a while.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const chance = (random: Random, of: number): boolean => random() < of

export const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!

/** A whole number; both ends are drawn too. */
export const between = (random: Random, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1))
