import type { Knex } from 'knex'
import { lockTreasury } from '../../db/treasury/lock.ts'
import {
  decisionsOf,
  dropUncounted,
  factCredits,
  flowTargets,
  noticeFlows,
  paymentTargets,
  storedTies,
  waitingCredits,
  writeTies,
  type FactCredit,
  type StoredTie,
} from '../../db/treasury/tying.ts'
import { possibleIuvs } from '../../domain/treasury/ids.ts'
import type { Target } from '../../domain/treasury/tie-facts.ts'
import { tie } from '../../domain/treasury/tie.ts'
import { KnownFlows } from './known-flows.ts'

/** Flows that are noticed, and credits that are tied, in one transaction. */
const FLOWS = 50
const CREDITS = 200
/** How often credits that share a flow are looked for from those that were found. */
const ROUNDS = 4

/** Ties some of the credits of an ente that wait for it, in one transaction. True when there are more. Safe to repeat and to run twice. */
export const tieSome = (db: Knex, enteId: string): Promise<boolean> =>
  db.transaction(async (trx) => {
    await lockTreasury(trx, enteId)
    const hasMoreFlows = await noticeFlows(trx, enteId, FLOWS)
    await dropUncounted(trx, enteId)
    const waiting = await waitingCredits(trx, enteId, CREDITS)
    if (waiting.length === 0) return hasMoreFlows
    const { credits, targets, ties } = await factsOf(trx, enteId, waiting)
    const tied = tie({ credits, targets: [...targets.values()], decisions: decisionsOf(ties) })
    await writeTies(trx, tied.credits)
    return hasMoreFlows || waiting.length === CREDITS
  })

/** The credits with all that shares a flow with them, and what each of them may bring. */
async function factsOf(trx: Knex, enteId: string, waiting: readonly string[]) {
  const known = new KnownFlows(await flowTargets(trx, enteId))
  const credits = new Map<string, FactCredit>()
  const targets = new Map<string, Target>()
  let ties: StoredTie[] = []
  let fresh = [...waiting]
  for (let round = 1; round <= ROUNDS && fresh.length > 0; round++) {
    const found = await factCredits(trx, fresh)
    for (const credit of found) {
      credits.set(credit.id, credit)
      for (const flow of known.for(credit)) targets.set(flow.id, flow)
    }
    const iuvs = [...new Set(found.flatMap(({ text }) => possibleIuvs(text)))]
    for (const payment of await paymentTargets(trx, enteId, iuvs)) targets.set(payment.id, payment)
    ties = await storedTies(trx, enteId, { credits: [...credits.keys()], targets: [...targets.keys()] })
    for (const { targetId } of ties) {
      const flow = known.withId(targetId)
      if (flow) targets.set(targetId, flow)
    }
    fresh = [...new Set(ties.map(({ creditId }) => creditId))].filter((id) => !credits.has(id))
  }
  return { credits: [...credits.values()], targets, ties }
}
