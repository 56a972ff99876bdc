import { isClean, reportLines } from '../../../tools/check/check.ts'
import type { StormReport } from './run.ts'

/** Lines of the report: seed, faults, recovery times, then one target line per invariant. */
export function linesOf({ seed, payments, struck, flows, findings }: StormReport): string[] {
  return [
    `seed ${seed}, ${payments} payments, ${struck.length} faults, ${flows} reporting flows`,
    ...struck.map(
      ({ atMs, fault, forMs, recoveredMs }) =>
        `at ${(atMs / 1000).toFixed(1)} s ${fault} for ${forMs} ms, ready ${recoveredMs} ms after it was lifted`,
    ),
    `recovery p95 ${percentile(struck.map(({ recoveredMs }) => recoveredMs))} ms`,
    ...findings.flatMap(({ id, violations }) => violations.slice(0, 20).map((what) => `${id}: ${what}`)),
    ...reportLines(findings),
  ]
}

export const isSound = ({ findings }: StormReport): boolean => isClean(findings)

function percentile(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0
}
