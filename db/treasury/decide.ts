import type { Knex } from 'knex'
import type { TreasuryTieState } from '../../domain/states.ts'
import { noteEvent, noteEvents, signedBy, type Actor } from '../journal/event.ts'
import { rowOf } from '../ground/rows.ts'
import { IS_CLEAR, IS_WAITING } from './ties.ts'

export interface DecidedTie {
  id: string
  creditId: string
  state: TreasuryTieState
  flowId: string | null
  iuv: string | null
}

/** A tie of an ente, locked until the commit; undefined when there is none. Call it inside a transaction. */
export const lockTie = (
  trx: Knex,
  { enteId, creditId, tieId }: { enteId: string; creditId: string; tieId: string },
): Promise<DecidedTie | undefined> =>
  rowOf<DecidedTie>(
    trx('treasury_tie as t')
      .join('treasury_credit as c', 'c.id', 't.credit_id')
      .first({ id: 't.id', creditId: 't.credit_id', state: 't.state', flowId: 't.flow_id', iuv: 't.iuv' })
      .where({ 't.id': tieId, 'c.id': creditId, 'c.ente_id': enteId })
      .forNoKeyUpdate('t'),
  )

/** Writes what a person decided of a tie, as an event of its credit; `proposed` takes a decision back. */
export async function writeDecision(
  trx: Knex,
  { id, creditId, flowId, iuv }: DecidedTie,
  { to, verdict, by }: { to: 'accepted' | 'refused' | 'proposed'; verdict: string; by: Actor },
): Promise<void> {
  const isDecided = to !== 'proposed'
  await trx('treasury_tie')
    .where({ id })
    .update({
      state: to,
      decided_at: isDecided ? trx.fn.now() : null,
      decided_by: isDecided ? by.id : null,
    })
  await noteEvent(trx, {
    entity: 'treasury_credit',
    entityId: creditId,
    kind: `tie_${verdict}`,
    data: { ...signedBy(by), flowId, iuv },
  })
  await tieAgain(trx, [creditId])
}

/** Decides all proposals of one reason that stand alone, and returns how many. */
export async function writeAll(
  trx: Knex,
  { enteId, reason }: { enteId: string; reason: string },
  { to, verdict, by }: { to: 'accepted' | 'refused'; verdict: string; by: Actor },
): Promise<number> {
  const { rows } = await trx.raw<{ rows: { creditId: string }[] }>(
    `update treasury_tie d set state = ?, decided_at = now(), decided_by = ?
     where d.id in (select t.id from treasury_tie t join treasury_credit c on c.id = t.credit_id
       where c.ente_id = ? and t.reason = ? and ${IS_WAITING} and ${IS_CLEAR})
     returning d.credit_id as "creditId"`,
    [to, by.id, enteId, reason],
  )
  const ids = [...new Set(rows.map(({ creditId }) => creditId))]
  await noteEvents(trx, {
    entity: 'treasury_credit',
    ids,
    kind: `tie_${verdict}`,
    data: { ...signedBy(by), reason, all: true },
  })
  await tieAgain(trx, ids)
  return rows.length
}

/** Marks credits, and those that share a flow with them, as to be tied again. */
export async function tieAgain(trx: Knex, ids: readonly string[]): Promise<void> {
  await trx.raw(
    `update treasury_credit c set needs_tie = true
     where not c.needs_tie and (c.id = any (:ids::uuid[]) or c.id in (
       select o.credit_id from treasury_tie t join treasury_tie o on (o.domain, o.flow_id, o.psp_id) = (t.domain, t.flow_id, t.psp_id)
       where t.credit_id = any (:ids::uuid[])))`,
    { ids: [...ids] },
  )
}
