import { groupsBy } from '../table.ts'
import { plainText, readIds, type IdsRead } from './ids.ts'
import type { Decision, Target, TieCredit, TieFacts } from './tie-facts.ts'

/** What the text of a credit says, as targets. */
export interface Reading {
  credit: TieCredit
  read: IdsRead
  /** Targets whose id is whole in the text, and has one meaning. */
  targets: readonly Target[]
  /** Targets that share an id, where the amount does not decide. */
  unclear: readonly Target[]
  /** Targets that a person has accepted. They take the place of what the text says. */
  accepted: readonly Target[]
  /** Targets that a person has refused, so that nothing is proposed twice. */
  refused: ReadonlySet<string>
  /** Those of the refused whose id is whole in the text, with the amount of the credit. */
  denied: readonly Target[]
}

/** Reads the text of each credit, beside what persons have decided. */
export function readingsOf({ credits, targets, decisions }: TieFacts): Reading[] {
  const written = (kind: Target['kind']): string[] => [
    ...new Set(targets.filter((target) => target.kind === kind).map(({ writtenAs }) => writtenAs)),
  ]
  const known = { flows: written('flow'), iuvs: written('payment') }
  const byText = groupsBy(targets, ({ kind, writtenAs }) => `${kind} ${plainText(writtenAs)}`)
  const decidedOf = groupsBy(decisions, ({ creditId }) => creditId)
  return credits.map((credit) => {
    const read = readIds(credit.text, known)
    const decided = decidedOf.get(credit.id) ?? []
    const refused = new Set(targetsOf(decided, 'refused'))
    const accepted = new Set(targetsOf(decided, 'accepted'))
    const ids = [
      ...read.flows.map((id) => `flow ${plainText(id)}`),
      ...read.iuvs.map((iuv) => `payment ${plainText(iuv)}`),
    ]
    const named = [...new Set(ids)].map((id) => byText.get(id)!)
    const groups = named.map((group) => group.filter((target) => !refused.has(target.id)))
    const sure = groups.map((group) => decisive(group, credit))
    return {
      credit,
      read,
      targets: sure.flatMap((target) => target ?? []),
      unclear: groups.filter((_, at) => sure[at] === undefined).flat(),
      accepted: targets.filter((target) => accepted.has(target.id)),
      refused,
      denied: named.flat().filter(({ id, cents }) => refused.has(id) && cents === credit.cents),
    }
  })
}

const targetsOf = (decisions: readonly Decision[], is: Decision['is']): string[] =>
  decisions.filter((decision) => decision.is === is).map(({ targetId }) => targetId)

/** The target of an id; where several have it, the one whose amount is equal. */
function decisive(group: readonly Target[], { cents }: TieCredit): Target | undefined {
  if (group.length === 1) return group[0]
  const equal = group.filter((target) => target.cents === cents)
  return equal.length === 1 ? equal[0] : undefined
}
