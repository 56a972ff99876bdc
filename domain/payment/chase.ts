/**
 * The timetable for asking the node about an outcome, in milliseconds. It is part of the workflow's input, so that a
 * run keeps the timetable it was started with.
 */
export interface Chase {
  /** Ask every `every` until `until` after begin; after the last row, every `daily`. */
  readonly steps: readonly { readonly until: number; readonly every: number }[]
  readonly daily: number
  /**
   * Waits between looks while the send is in doubt or the address of the page is not known, because the citizen may be
   * waiting for the redirect.
   */
  readonly doubt: readonly number[]
  /** Wait for a receipt after the browser is back, before the node is asked. */
  readonly afterReturn: number
  /** How long after begin the same cart may be sent again after "unknown" (D4). */
  readonly resendFor: number
  /** Two "unknown" answers at least this far apart prove that the cart never arrived (D4). */
  readonly unknownApart: number
  /** Silence means a payment older than this, with at least `silenceAnswers` answers (D2). */
  readonly silenceAfter: number
  readonly silenceAnswers: number
  /** After this age a person should check. */
  readonly attentionAfter: number
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Source: docs/field/payments.md#waiting. */
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

/**
 * Milliseconds until the next look at a cart begun `age` ago. `doubts` counts the looks while the address of the page
 * is not known; null when it is known.
 */
export function nextLook(chase: Chase, { age, doubts }: { age: number; doubts: number | null }): number {
  const doubt =
    doubts === null || age > chase.resendFor ? undefined : (chase.doubt[doubts] ?? chase.doubt.at(-1))
  if (doubt !== undefined) return doubt
  return chase.steps.find((step) => age < step.until)?.every ?? chase.daily
}
