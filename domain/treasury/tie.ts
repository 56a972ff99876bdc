import { certainOf, sumOf, type Certainty } from './certain.ts'
import { creditClass, flowClass, type ClassRule, type CreditClass, type FlowClass } from './classes.ts'
import { proposalsOf } from './proposals.ts'
import { readingsOf, type Reading } from './readings.ts'
import type { Target, Tie, TieFacts } from './tie-facts.ts'

/** What follows for a credit. */
export interface TiedCredit {
  creditId: string
  /** The certain ones, or else the proposals, the likeliest first. */
  ties: readonly Tie[]
  class: CreditClass | null
  rule: ClassRule
  /** A person has tied it to something, or refused something, and its text and amount now say something else. */
  isContradicted: boolean
}

/** What follows for a flow. */
export interface TiedFlow {
  targetId: string
  class: FlowClass | null
  rule: ClassRule
}

/**
 * Ties the money of the bank to what pagoPA reported. The same facts in any order give the same ties, and what a person has decided stays.
 * Source: docs/field/treasury.md#ties.
 */
export function tie(facts: TieFacts): { credits: TiedCredit[]; flows: TiedFlow[] } {
  const readings = readingsOf(facts)
  const certainty = certainOf(readings)
  const brought = new Set([...certainty.ties.values()].flatMap((of) => [...of.keys()]))
  return {
    credits: readings.map((reading) => tiedCredit(reading, facts.targets, certainty, brought)),
    flows: facts.targets
      .filter(({ kind }) => kind === 'flow')
      .map((target) => tiedFlow(target, { targets: facts.targets, readings, certainty })),
  }
}

function tiedCredit(
  reading: Reading,
  targets: readonly Target[],
  certainty: Certainty,
  brought: ReadonlySet<string>,
): TiedCredit {
  const { credit, read } = reading
  const sure = [...(certainty.ties.get(credit.id) ?? [])].map(([targetId, reason]): Tie => ({
    creditId: credit.id,
    targetId,
    isCertain: true,
    score: 100,
    reason,
  }))
  return {
    creditId: credit.id,
    ties: sure.length > 0 ? sure : proposalsOf(reading, targets, certainty, brought),
    ...creditClass({
      isTied: sure.length > 0,
      isDouble: certainty.doubles.has(credit.id),
      hasWholeId: read.flows.length + read.iuvs.length > 0,
      isPagoPa: read.isPagoPa,
    }),
    isContradicted: isContradicted(reading),
  }
}

const isContradicted = ({ credit, accepted, targets, denied }: Reading): boolean =>
  accepted.length > 0
    ? targets.some((target) => target.cents === credit.cents && !accepted.includes(target))
    : denied.length > 0

function tiedFlow(
  target: Target,
  {
    targets,
    readings,
    certainty: { ties },
  }: { targets: readonly Target[]; readings: readonly Reading[]; certainty: Certainty },
): TiedFlow {
  const tied = readings.filter(({ credit }) => ties.get(credit.id)?.has(target.id))
  const sum = tied.reduce((cents, { credit }) => cents + credit.cents, 0)
  const isShared = tied.some(({ credit }) => {
    const all = ties.get(credit.id)!
    return all.size > 1 && sumOf(targets.filter(({ id }) => all.has(id))) === credit.cents
  })
  const isMeant = readings.some(
    ({ accepted, targets, unclear }) =>
      accepted.length === 0 && (targets.includes(target) || unclear.includes(target)),
  )
  return {
    targetId: target.id,
    // Whether an ente has files of its bank is seen by whoever asks for the class of one flow.
    ...flowClass({
      hasTreasury: true,
      isTied: tied.length > 0 && (isShared || sum === target.cents),
      hasCredit: tied.length > 0 || isMeant,
    }),
  }
}
