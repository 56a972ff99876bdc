import { daysBetween } from '../calendar.ts'
import type { Certainty } from './certain.ts'
import { plainText } from './ids.ts'
import type { Reading } from './readings.ts'
import { PROPOSALS, type ProposalReason, type Target, type Tie } from './tie-facts.ts'

/** How many days after its dataRegolamento money may come, or before, for its amount to say something. */
const NEAR_DAYS = 5
/** A person looks at no more of them. */
const MOST = 10

/**
 * What may be, the likeliest first; nothing for a credit that is certain. What the text says whole leaves no room for what it says nearly.
 * Source: docs/field/treasury.md#proposals.
 */
export function proposalsOf(
  reading: Reading,
  targets: readonly Target[],
  certainty: Certainty,
  brought: ReadonlySet<string>,
): Tie[] {
  const { credit, refused } = reading
  if (certainty.ties.has(credit.id)) return []
  const open = targets.filter(({ id }) => !refused.has(id))
  const whole = wholeOf(reading, certainty)
  const found = whole.length > 0 ? whole : [...nearOf(reading, open), ...hintsOf(reading, open, brought)]
  const best = new Map<string, Tie>()
  for (const [target, reason] of found) {
    const score = scoreOf(reading, target, reason)
    if (score > (best.get(target.id)?.score ?? 0))
      best.set(target.id, { creditId: credit.id, targetId: target.id, isCertain: false, score, reason })
  }
  return [...best.values()]
    .toSorted((one, other) => other.score - one.score || (one.targetId < other.targetId ? -1 : 1))
    .slice(0, MOST)
}

type Found = readonly [target: Target, reason: ProposalReason]

function wholeOf({ credit, targets, unclear }: Reading, { doubles }: Certainty): Found[] {
  const ofWhole = (target: Target): ProposalReason => {
    if (doubles.has(credit.id)) return 'double'
    return target.rowsCents === credit.cents ? 'rows_sum' : 'other_amount'
  }
  return [
    ...targets.map((target) => [target, ofWhole(target)] as const),
    ...unclear.map((target) => [target, 'two_readings'] as const),
  ]
}

const nearOf = ({ read }: Reading, open: readonly Target[]): Found[] =>
  read.near.flatMap(({ id, reason }) =>
    open
      .filter(({ kind, writtenAs }) => kind === 'flow' && writtenAs === id)
      .map((target) => [target, reason] as const),
  )

/** What the references of the bank and the amount say. A flow that was brought already does not wait for an amount. */
function hintsOf({ credit }: Reading, open: readonly Target[], brought: ReadonlySet<string>): Found[] {
  const references = [credit.trn, credit.endToEndId].flatMap((of) => (of === null ? [] : plainText(of)))
  return open.flatMap((target): Found[] => {
    const { regulation, regulatedOn, cents, id } = target
    const isReferred = regulation !== null && references.includes(plainText(regulation))
    const isNear =
      cents === credit.cents &&
      regulatedOn !== null &&
      Math.abs(daysBetween(regulatedOn, credit.bookedOn)) <= NEAR_DAYS
    return [
      ...(isReferred ? [[target, 'reference'] as const] : []),
      ...(isNear && !brought.has(id) ? [[target, 'amount'] as const] : []),
    ]
  })
}

/** An equal amount speaks the louder the nearer the days are, and when the text is of pagoPA. */
function scoreOf({ credit, read }: Reading, target: Target, reason: ProposalReason): number {
  const score = PROPOSALS[reason][target.cents === credit.cents ? 0 : 1]
  if (reason !== 'amount') return score
  const days = Math.abs(daysBetween(target.regulatedOn!, credit.bookedOn))
  return score + (NEAR_DAYS - days) * 2 + (read.isPagoPa ? 10 : 0)
}
