import type { Knex } from 'knex'
import { actsFor } from '../../domain/anomaly/acts.ts'
import type { Actor } from '../journal/event.ts'
import type { Anomaly } from './anomalies.ts'
import { closeAnomaly, lockAnomaly, noteAct } from './work.ts'

/** An act that one person decides alone, because it moves no money. */
export type DirectAct =
  { act: 'accept'; reason: string } | { act: 'undo'; reason: string } | { act: 'returned'; reference: string }

type Performed = { [A in DirectAct as A['act']]: A }

const PERFORM: {
  [K in DirectAct['act']]: (trx: Knex, anomaly: Anomaly, asked: Performed[K], by: Actor) => Promise<void>
} = {
  accept: (trx, { id }, { reason }, by) => closeAnomaly(trx, id, { resolution: 'accepted', by, reason }),
  undo: async (trx, { id }) => {
    await trx('anomaly').where({ id }).update({ state: 'open', reason: null })
  },
  // The reason was given when the money was marked as to be returned.
  returned: (trx, { id, reason }, { reference }, by) =>
    closeAnomaly(trx, id, { resolution: 'returned', by, reason: reason!, reference }),
}

const perform = <K extends DirectAct['act']>(
  trx: Knex,
  anomaly: Anomaly,
  act: K,
  asked: Performed[K],
  by: Actor,
): Promise<void> => PERFORM[act](trx, anomaly, asked, by)

/**
 * Does it, with its event. `stale`: the anomaly does not offer the act any more, for example because somebody else has closed it, or a
 * request about it waits for a second person. Repeating an act changes nothing.
 */
export async function actAlone(
  db: Knex,
  { id, by, ...asked }: DirectAct & { id: string; by: Actor },
): Promise<'done' | 'stale'> {
  return db.transaction(async (trx) => {
    const anomaly = await lockAnomaly(trx, { id })
    if (!anomaly || anomaly.isAsked || !actsFor(anomaly).includes(asked.act)) return 'stale'
    await perform(trx, anomaly, asked.act, asked, by)
    const { act, ...data } = asked
    await noteAct(trx, id, { act, step: 'done', by, data })
    return 'done'
  })
}
