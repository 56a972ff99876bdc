import type { Knex } from 'knex'
import { rowsInOrder } from './rows.ts'

/** A row of a flow with what its due says about where the money goes. */
export interface StoredAccounted {
  position: number
  /** Cents; null where there are none, and while the row is not judged. */
  placed: number | null
  revoked: number | null
  /** Code of the type of its due; null where no due is known. */
  dueType: string | null
  /** The bilancio of its due as XML. */
  bilancio: string | null
}

/** All rows of a flow in their order; only one page is in memory. */
export const accountedRows = (db: Knex, flowId: string): AsyncGenerator<StoredAccounted> =>
  rowsInOrder(db, flowId, {
    select: `r.position, (r.places ->> 'placed')::bigint as placed, (r.places ->> 'revoked')::bigint as revoked, t.code as "dueType", d.bilancio`,
    tables:
      'reported_row r left join due d on d.id = r.due_id left join ente_due_type t on t.id = d.ente_due_type_id',
  })
