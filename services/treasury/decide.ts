import type { Knex } from 'knex'
import { lockTie, writeAll, writeDecision } from '../../db/treasury/decide.ts'
import { lockTreasury } from '../../db/treasury/lock.ts'
import type { Actor } from '../../db/journal/event.ts'
import type { TreasuryTieState } from '../../domain/states.ts'
import { tieSome } from './tie.ts'

/** What a person says of a tie: it is so, it is not so, or the decision is taken back. */
export const VERDICTS = ['conferma', 'rifiuta', 'annulla'] as const
export type Verdict = (typeof VERDICTS)[number]

const MOVES: Record<Verdict, { from: readonly TreasuryTieState[]; to: 'accepted' | 'refused' | 'proposed' }> =
  {
    conferma: { from: ['proposed'], to: 'accepted' },
    rifiuta: { from: ['proposed', 'certain'], to: 'refused' },
    annulla: { from: ['accepted', 'refused'], to: 'proposed' },
  }

/** Writes a decision and ties anew what it touches. False when the tie is in another state by now; undefined when there is none. */
export const decideTie = (
  db: Knex,
  of: { enteId: string; creditId: string; tieId: string },
  verdict: Verdict,
  by: Actor,
): Promise<boolean | undefined> =>
  db.transaction(async (trx) => {
    await lockTreasury(trx, of.enteId)
    const tie = await lockTie(trx, of)
    if (!tie) return undefined
    const { from, to } = MOVES[verdict]
    if (!from.includes(tie.state)) return false
    await writeDecision(trx, tie, { to, verdict, by })
    await tieSome(trx, of.enteId)
    return true
  })

/** Decides all proposals of one reason that stand alone, and returns how many. */
export const decideAll = (
  db: Knex,
  of: { enteId: string; reason: string },
  verdict: 'conferma' | 'rifiuta',
  by: Actor,
): Promise<number> =>
  db.transaction(async (trx) => {
    await lockTreasury(trx, of.enteId)
    const { to } = MOVES[verdict]
    const count = await writeAll(trx, of, { to: to as 'accepted' | 'refused', verdict, by })
    while (await tieSome(trx, of.enteId));
    return count
  })
