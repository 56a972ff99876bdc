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
