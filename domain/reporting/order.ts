export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Compares by the first numbers that differ. */
export const compareAll = (a: readonly number[], b: readonly number[]): number =>
  a.map((number, at) => number - b[at]!).find((difference) => difference !== 0) ?? 0
