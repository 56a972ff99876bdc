import type { Knex } from 'knex'
import { actsFor } from '../../domain/anomaly/acts.ts'
import type { Actor } from '../journal/event.ts'
import { closeAnomaly, lockAnomaly, noteAct } from './work.ts'

/** An act that one person decides alone, because it moves no money. */
export type DirectAct = { act: 'accept'; reason: string } | { act: 'returned'; reference: string }

/**
 * Closes an anomaly. `stale`: it does not offer the act any more, for example because somebody else has closed it, or a request about it
 * waits for a second person. Repeating an act changes nothing.
 */
export async function closeAlone(
  db: Knex,
  { id, by, ...asked }: DirectAct & { id: string; by: Actor },
): Promise<'done' | 'stale'> {
  return db.transaction(async (trx) => {
    const anomaly = await lockAnomaly(trx, { id })
    if (!anomaly || anomaly.isAsked || !actsFor(anomaly).includes(asked.act)) return 'stale'
    if (asked.act === 'accept') {
      await closeAnomaly(trx, id, { resolution: 'accepted', by, reason: asked.reason })
      await noteAct(trx, id, { act: 'accept', step: 'done', by, data: { reason: asked.reason } })
    } else {
      // The reason was given when the money was marked as to be returned.
      const reason = anomaly.reason!
      await closeAnomaly(trx, id, { resolution: 'returned', by, reason, reference: asked.reference })
      await noteAct(trx, id, { act: 'returned', step: 'done', by, data: { reference: asked.reference } })
    }
    return 'done'
  })
}
