import { median, spread } from './statistics.ts'

/** A control that varies more than this measures the machine rather than our code, so the pairs are repeated. */
export const NOISY = 0.15
const REPEATS = 3

export interface PairedRun<T> {
  product(): Promise<T>
  twin(): Promise<T>
  /** The figure that decides whether the control was quiet. */
  figure(result: T): number
}

export interface Pairs<T> {
  product: T[]
  twin: T[]
  /** Spread of the control, as a share of its median. */
  spread: number
  /** How many times the whole series ran. */
  series: number
}

/** Runs product and twin in turn, so that drift of the machine affects both alike. The first pair only warms up. */
export async function runPairs<T>(
  run: PairedRun<T>,
  count: number,
  say: (text: string) => void,
): Promise<Pairs<T>> {
  for (let series = 1; ; series++) {
    const product: T[] = []
    const twin: T[] = []
    for (let pair = 0; pair <= count; pair++) {
      const results = [await run.product(), await run.twin()] as const
      say(
        `  pair ${pair === 0 ? 'warm-up' : pair}: ${results.map((r) => run.figure(r).toFixed(1)).join(' / ')}`,
      )
      if (pair === 0) continue
      product.push(results[0])
      twin.push(results[1])
    }
    const found = { product, twin, series, spread: spread(twin.map(run.figure)) }
    if (found.spread <= NOISY || series === REPEATS) return found
    say(`  control varies by ${(found.spread * 100).toFixed(0)} %: once more`)
  }
}

/** Median of the ratios product ÷ twin of each pair. */
export function ratioOf<T>({ product, twin }: Pairs<T>, figure: (result: T) => number): number {
  return median(product.map((result, index) => figure(result) / figure(twin[index]!)))
}

export const medianOf = <T>(results: readonly T[], figure: (result: T) => number): number =>
  median(results.map(figure))
