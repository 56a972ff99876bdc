import type { Knex } from 'knex'
import { rowsOf } from '../ground/rows.ts'

export interface AnomalyEvent {
  at: string
  data: Record<string, unknown>
}

/** What people have done about an anomaly, the oldest first. */
export const anomalyEvents = (db: Knex, id: string): Promise<AnomalyEvent[]> =>
  rowsOf<AnomalyEvent>(
    db('event')
      .select({ at: 'at', data: 'data' })
      .where({ entity: 'anomaly', entity_id: id, kind: 'anomaly_act' })
      .orderBy('id'),
  )
