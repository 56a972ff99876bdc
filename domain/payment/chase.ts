/** How the outcome is chased. Travels in the workflow's input, so a run keeps the table it was started with; all in milliseconds. */
export interface Chase {
  /** Until `until` after begin, ask every `every`; past the last row, `daily`. */
  readonly steps: readonly { readonly until: number; readonly every: number }[]
  readonly daily: number
  /** While the citizen can still be waiting for the redirect: waits between looks at a send in doubt, or one without its page. */
  readonly doubt: readonly number[]
  /** Once the browser is back, a receipt that does not come is asked for this soon. */
  readonly afterReturn: number
  /** How long the same cart may be sent again after "unknown" (D4). */
  readonly resendFor: number
  /** Two "unknown" at least this far apart prove it never arrived (D4). */
  readonly unknownApart: number
  /** Silence: longer than this, and at least `silenceAnswers` answers (D2). */
  readonly silenceAfter: number
  readonly silenceAnswers: number
  /** From here on a person should look. */
  readonly attentionAfter: number
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** 5 min for 1 h, 15 min to 3 h, 1 h to a day, 6 h to 7 days, then daily. Source: docs/field/payments.md#waiting. */
export const CHASE: Chase = {
  steps: [
    { until: HOUR, every: 5 * MINUTE },
    { until: 3 * HOUR, every: 15 * MINUTE },
    { until: DAY, every: HOUR },
    { until: 7 * DAY, every: 6 * HOUR },
  ],
  daily: DAY,
  doubt: [2 * SECOND, 5 * SECOND, 10 * SECOND, 20 * SECOND, 30 * SECOND, MINUTE],
  afterReturn: MINUTE,
  resendFor: 30 * MINUTE,
  unknownApart: 10 * MINUTE,
  silenceAfter: 14 * DAY,
  silenceAnswers: 3,
  attentionAfter: DAY,
}

/** Milliseconds until the next look at a cart begun `age` ago; `doubts` counts looks while the address of the page is not known. */
export function nextLook(chase: Chase, { age, doubts }: { age: number; doubts: number | null }): number {
  const doubt =
    doubts === null || age > chase.resendFor ? undefined : (chase.doubt[doubts] ?? chase.doubt.at(-1))
  if (doubt !== undefined) return doubt
  return chase.steps.find((step) => age < step.until)?.every ?? chase.daily
}
