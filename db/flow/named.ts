import type { Knex } from 'knex'
import { onlyReadable, type EnteReader } from '../ente/due-type-access.ts'
import { rowsOf } from '../ground/rows.ts'
import { READABLE_FLOW } from './list.ts'

/** A file as the history of a due names it. */
export interface NamedFlow {
  id: string
  baseName: string
  /** Who sent it; null: software of the ente. */
  operatorName: string | null
  cancelledByName: string | null
  cancelWhy: string | null
  /** True when the reader may open its page. */
  isReadable: boolean
}

/** These files of the reader's ente. */
export async function namedFlows(db: Knex, reader: EnteReader, ids: readonly string[]): Promise<NamedFlow[]> {
  if (ids.length === 0) return []
  const of = () =>
    db('flow as f')
      .where('f.ente_id', reader.enteId)
      .whereIn('f.id', [...ids])
  const readable = of().select('f.id')
  onlyReadable(readable, reader, READABLE_FLOW)
  const [flows, open] = await Promise.all([
    rowsOf<Omit<NamedFlow, 'isReadable'>>(
      of()
        .leftJoin('operator as o', 'o.id', 'f.operator_id')
        .leftJoin('operator as c', 'c.id', 'f.cancelled_by')
        .select({
          id: 'f.id',
          baseName: 'f.base_name',
          operatorName: 'o.name',
          cancelledByName: 'c.name',
          cancelWhy: 'f.cancel_why',
        }),
    ),
    rowsOf<{ id: string }>(readable),
  ])
  return flows.map((flow) => ({ ...flow, isReadable: open.some(({ id }) => id === flow.id) }))
}
