import { groupsBy } from '../table.ts'
import type { Reading } from './readings.ts'
import type { CertainReason, Target, TieCredit } from './tie-facts.ts'

/** What the ids of the texts settle. */
export interface Certainty {
  /** By credit, then by target. */
  ties: ReadonlyMap<string, ReadonlyMap<string, CertainReason>>
  /** Credits that bring again what was brought in full. */
  doubles: ReadonlySet<string>
}

/**
 * What is certain: a whole id, and equal cents. Several credits may bring one target, and one credit several.
 * Source: docs/field/treasury.md#certain.
 */
export function certainOf(readings: readonly Reading[]): Certainty {
  const ties = new Map<string, Map<string, CertainReason>>()
  const doubles = new Set<string>()
  const say = (creditId: string, targetId: string, reason: CertainReason): void =>
    void (ties.get(creditId) ?? newIn(ties, creditId)).set(targetId, reason)
  for (const { credit, accepted } of readings)
    for (const target of accepted) say(credit.id, target.id, 'decided')
  const open = readings.filter(({ accepted }) => accepted.length === 0)
  const single = open.filter(({ targets, unclear }) => targets.length === 1 && unclear.length === 0)
  for (const given of groupsBy(single, ({ targets }) => targets[0]!.id).values()) {
    const target = given[0]!.targets[0]!
    const decided = readings.filter(({ accepted }) => accepted.includes(target)).map(({ credit }) => credit)
    const shares = shareOut(
      target,
      decided,
      given.map(({ credit }) => credit),
    )
    for (const { id } of shares.certain) say(id, target.id, shares.certain.length > 1 ? 'parts' : 'id')
    for (const { id } of shares.double) doubles.add(id)
  }
  const taken = new Set([...ties.values()].flatMap((of) => [...of.keys()]))
  for (const { credit, targets } of severalOf(open).toSorted((one, other) =>
    inTime(one.credit, other.credit),
  )) {
    if (targets.some(({ id }) => taken.has(id)) || sumOf(targets) !== credit.cents) continue
    for (const { id } of targets) {
      say(credit.id, id, 'several_flows')
      taken.add(id)
    }
  }
  return { ties, doubles }
}

const newIn = <Value>(map: Map<string, Map<string, Value>>, key: string): Map<string, Value> => {
  const made = new Map<string, Value>()
  map.set(key, made)
  return made
}

const severalOf = (readings: readonly Reading[]): Reading[] =>
  readings.filter(({ targets, unclear }) => targets.length > 1 && unclear.length === 0)

/** NaN, which equals nothing, when the total of one is not known. */
export const sumOf = (targets: readonly Target[]): number =>
  targets.reduce((sum, { cents }) => sum + (cents ?? Number.NaN), 0)

const inTime = (one: TieCredit, other: TieCredit): number =>
  one.bookedOn.localeCompare(other.bookedOn) || (one.id < other.id ? -1 : 1)

/**
 * Which credits bring a target: the first ones, in the order of their days, that add up to it, else the first one that is equal to it. What
 * brings it in full once more is double.
 */
function shareOut(
  target: Target,
  decided: readonly TieCredit[],
  credits: readonly TieCredit[],
): { certain: readonly TieCredit[]; double: readonly TieCredit[] } {
  if (target.cents === null) return { certain: [], double: [] }
  const sorted = credits.toSorted(inTime)
  const open = target.cents - decided.reduce((sum, { cents }) => sum + cents, 0)
  const certain = firstThatAddUp(sorted, open)
  const isBrought = certain.length > 0 || (decided.length > 0 && open <= 0)
  const double = sorted.filter(
    (credit) => isBrought && !certain.includes(credit) && credit.cents === target.cents,
  )
  return { certain, double }
}

function firstThatAddUp(sorted: readonly TieCredit[], asked: number): readonly TieCredit[] {
  if (asked <= 0) return []
  let sum = 0
  for (let count = 1; count <= sorted.length && sum < asked; count++) {
    sum += sorted[count - 1]!.cents
    if (sum === asked) return sorted.slice(0, count)
  }
  return sorted.filter(({ cents }) => cents === asked).slice(0, 1)
}
