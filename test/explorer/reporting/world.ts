import type { Decision, IuvFacts, KnownRow } from '../../../domain/reporting/iuv-facts.ts'
import { reconcile } from '../../../domain/reporting/reconcile.ts'
import type { ClassifiedRow } from '../../../domain/reporting/reconciled.ts'
import { done } from '../../reconciliation/done.ts'
import { facts, share } from '../../reconciliation/given.ts'
import { wrongIn } from './wrong-acts.ts'

/** One due of one share, `s1`, another due that a person may give the money to, and what is known of the IUV of the first. */
export interface World {
  facts: IuvFacts
  /** The row that settles the other due, because a person said so. */
  other: string | null
  /** PSP's numbers of payments that some flow had with code 8 or 9. */
  withoutReceipt: string[]
  /** Flows that were published, each with its number of revisions. */
  flows: Record<string, number>
  decided: number
  /** What the last judging said of each row; null when something came after it. */
  judged: ClassifiedRow[] | null
}

export const freshWorld = (): World => ({
  facts: facts({ transfers: [share('s1')] }),
  other: null,
  withoutReceipt: [],
  flows: {},
  decided: 0,
  judged: null,
})

export const shareOf = ({ facts: { transfers } }: Pick<World, 'facts'>) => transfers[0]!

/** Judges all rows and does what follows, as services/reporting/reconcile.ts does. @throws Error that says what the machine must not do */
export function judge(world: World): World {
  const before = withLinks(world)
  const { rows, acts } = reconcile([before])[0]!
  const wrong = wrongIn(before, acts)
  if (wrong !== undefined) throw new Error(wrong)
  return { ...world, facts: done(before, acts), judged: rows }
}

/** Tells of each link whether the other due still has the money. */
function withLinks({ facts: known, other }: World): IuvFacts {
  const from = known.rows.find(({ id }) => id === other)
  const isPaying = ({ kind, rowId }: Decision): boolean =>
    kind === 'linked' && from?.iur === known.rows.find(({ id }) => id === rowId)?.iur
  return {
    ...known,
    decisions: known.decisions.map((decision) => ({ ...decision, isPaying: isPaying(decision) })),
  }
}

/** Leaves out old rows about which nobody knows or did anything, so that worlds that behave alike are one. */
export function normalise(world: World): World {
  const { rows, decisions } = world.facts
  const { proof } = shareOf(world)
  const settling = proof && 'rowId' in proof ? proof.rowId : null
  const isNeeded = ({ id, isCurrent, asked, anomalies, withdrawn }: KnownRow): boolean =>
    isCurrent ||
    asked !== null ||
    anomalies.length > 0 ||
    withdrawn !== null ||
    [settling, world.other].includes(id) ||
    decisions.some(({ rowId }) => rowId === id)
  const needed = rows.filter(isNeeded)
  const judged = world.judged && world.judged.filter(({ rowId }) => needed.some(({ id }) => id === rowId))
  return { ...world, facts: { ...world.facts, rows: needed }, judged }
}
