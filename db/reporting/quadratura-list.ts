import type { Knex } from 'knex'
import { containing } from '../ground/like.ts'
import { FROM_DAY, UP_TO_DAY } from '../ground/rome.ts'
import { rowOf, rowsOf } from '../ground/rows.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'
import type { FlowPlace } from './list.ts'
import { IS_GONE } from './quadratura.ts'

/** A document of quadratura in a list. `bytes` is null until it is stored. */
export interface QuadraturaSummary {
  id: string
  quadraturaId: string
  madeAt: string
  bytes: number | null
  state: 'fetching' | 'stored' | 'gone'
}

/** Undefined values do not filter. Days are of Rome. */
export interface QuadraturaFilter {
  id: string | undefined
  from: string | undefined
  to: string | undefined
}

const summaries = (db: Knex, enteId: string): Knex.QueryBuilder =>
  db('quadratura as q')
    .select({ id: 'q.id', quadraturaId: 'q.quadratura_id', madeAt: 'q.made_at', bytes: 'q.bytes' })
    .select(
      db.raw(
        `case when q.stored_at is not null then 'stored' when ${IS_GONE} then 'gone' else 'fetching' end as state`,
      ),
    )
    .where('q.ente_id', enteId)

/** One page of the documents of an ente, the newest first. */
export async function listQuadrature(
  db: Knex,
  enteId: string,
  filter: QuadraturaFilter,
  turn: Turn<FlowPlace>,
): Promise<QuadraturaSummary[]> {
  const { order, beyond } = reading(turn, 'desc')
  const query = summaries(db, enteId)
    .orderBy([
      { column: 'q.made_at', order },
      { column: 'q.id', order },
    ])
    .limit(turn.limit)
  if (filter.id !== undefined) void query.whereILike('q.quadratura_id', containing(filter.id))
  if (filter.from !== undefined) void query.whereRaw(`q.made_at ${FROM_DAY}`, [filter.from])
  if (filter.to !== undefined) void query.whereRaw(`q.made_at ${UP_TO_DAY}`, [filter.to])
  if (turn.place !== undefined)
    void query.whereRaw(`(q.made_at, q.id) ${beyond} (?::timestamptz, ?::uuid)`, [
      turn.place.first,
      turn.place.id,
    ])
  return inOrder(turn, await rowsOf<QuadraturaSummary>(query))
}

export const findQuadratura = (
  db: Knex,
  enteId: string,
  id: string,
): Promise<QuadraturaSummary | undefined> => rowOf<QuadraturaSummary>(summaries(db, enteId).where('q.id', id))
