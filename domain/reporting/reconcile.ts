import type { IuvFacts } from './iuv-facts.ts'
import type { ReconciledIuv } from './reconciled.ts'

/** Classifies all rows of many IUVs at once and says what is to be done; each IUV is judged by itself. */
export const reconcile = (facts: readonly IuvFacts[]): ReconciledIuv[] => facts.map(reconcileIuv)

export function reconcileIuv({ iuv }: IuvFacts): ReconciledIuv {
  return { iuv, rows: [], acts: [] }
}
