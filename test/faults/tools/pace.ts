import { PATIENCE, type Patience } from '../../../workflows/processes.ts'
import type { SweepPace } from '../../../workers/sweep.ts'

/** Waits take seconds instead of minutes, so that a storm settles soon. */
export const FAST: Patience & { sweep: SweepPace } = {
  ...PATIENCE,
  chase: {
    ...PATIENCE.chase,
    steps: [{ until: 86_400_000, every: 2_000 }],
    daily: 2_000,
    doubt: [300, 700, 1_500],
    afterReturn: 500,
    resendFor: 60_000,
    unknownApart: 3_000,
  },
  // Short turns give many points at which a process may die.
  flow: { sliceMs: 500, lookAgainMs: 2_000 },
  mail: { initial: 300, max: 1_500 },
  sweep: { everyMs: 1_000, grace: { receipt: 2, check: 5, mail: 2 } },
}
