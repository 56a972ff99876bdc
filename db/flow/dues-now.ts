import type { Knex } from 'knex'
import type { DueState } from '../../domain/states.ts'
import { rowOf } from '../ground/rows.ts'
import type { Flow } from './flow.ts'

/** The dues that belong to a file now, by state. */
export type DuesNow = Record<DueState, { count: number; cents: number }>

const STATES: readonly DueState[] = ['payable', 'paying', 'paid', 'cancelled']

/** What became of the dues of a file. One that a later file changed belongs to that one. */
export async function duesNow(db: Knex, { id }: Pick<Flow, 'id'>): Promise<DuesNow> {
  const { rows } = await db.raw<{ rows: { state: DueState; count: number; cents: number }[] }>(
    `select state, count(*)::int as count, sum(importo_cents)::bigint as cents from due where flow_id = ? group by state`,
    [id],
  )
  const of = (state: DueState) => rows.find((row) => row.state === state) ?? { count: 0, cents: 0 }
  return Object.fromEntries(STATES.map((state) => [state, of(state)])) as DuesNow
}

/** How many dues of a file belong to later files now. Those that were taken before events said so are not among them. */
export async function duesPassed(db: Knex, { id }: Pick<Flow, 'id'>): Promise<number> {
  const row = await rowOf<{ count: number }>(
    db('event as e')
      .join('due as d', 'd.id', 'e.entity_id')
      .where('e.entity', 'due')
      .whereRaw(`e.data ->> 'fromFlow' = ?`, [id])
      .whereRaw('d.flow_id is distinct from ?', [id])
      .first(db.raw('count(distinct d.id)::int as count')),
  )
  return row?.count ?? 0
}
