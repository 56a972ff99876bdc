import type { Knex } from 'knex'
import { BULK_ACTS } from '../../domain/bulk/acts.ts'
import type { DueReader } from '../due/dues.ts'
import { foundBy } from '../due/search.ts'
import type { Selection } from './ask.ts'
import { WHY_LEFT } from './why-left.ts'

/** Some of the dues that an act would do. */
export interface Part {
  /** The type of due, or the file; null for dues that no file wrote. */
  name: string | null
  count: number
  cents: number
}

export interface Breakdown {
  /** Parts by type and by file, the greatest first. */
  types: Part[]
  flows: Part[]
}

/** Of which types and files the dues are that an act would do. */
export async function breakdownOf(
  db: Knex,
  reader: DueReader,
  { kind, filter }: Selection,
): Promise<Breakdown> {
  const { sql, bindings } = foundBy(filter, reader)
  // One pass over the dues makes both groups. The order is that of the index of the tab (see `sumDues`).
  const { rows } = await db.raw<{ rows: (Part & { isFlow: boolean })[] }>(
    `select g.is_flow as "isFlow", case when g.is_flow then f.base_name || '.zip' else g.type end as name, g.count, g.cents
     from (select grouping(type) = 1 as is_flow, type, flow_id, count(*)::int as count, sum(cents)::bigint as cents
       from (select ${WHY_LEFT[kind]} as reason, d.importo_cents as cents, t.name as type, d.flow_id
         from due d join ente_due_type t on t.id = d.ente_due_type_id where ${sql} order by d.id desc limit ?) found
       where reason is null group by grouping sets ((type), (flow_id))) g
     left join flow f on f.id = g.flow_id order by g.count desc, name`,
    [...bindings, BULK_ACTS[kind].most + 1],
  )
  return { types: rows.filter(({ isFlow }) => !isFlow), flows: rows.filter(({ isFlow }) => isFlow) }
}
