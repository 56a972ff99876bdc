import type { Knex } from 'knex'
import { addDays, startOfRomeDay } from '../../domain/calendar.ts'
import { containing } from '../ground/like.ts'

/** What lists of files are asked for. */
export interface ListFilter {
  /** Part of the name. */
  name: string
  /** Days in Rome, both included; absent bounds nothing. */
  from: string | undefined
  to: string | undefined
}

/** Narrows a list to a filter, by the column of the name and the one of the instant. */
export function filterList(
  query: Knex.QueryBuilder,
  columns: { name: string; at: string },
  { name, from, to }: ListFilter,
): void {
  if (name !== '') void query.whereILike(columns.name, containing(name))
  if (from !== undefined) void query.where(columns.at, '>=', startOfRomeDay(from))
  if (to !== undefined) void query.where(columns.at, '<', startOfRomeDay(addDays(to, 1)))
}
