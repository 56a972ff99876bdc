import type { Knex } from 'knex'
import { addDays, startOfRomeDay } from '../../domain/calendar.ts'
import { containing } from '../ground/like.ts'

/** The filter of a list of files or exports. */
export interface ListFilter {
  /** A part of the name; an empty text matches every name. */
  name: string
  /** Days in Rome, both included. */
  from: string | undefined
  to: string | undefined
}

/** Adds a filter to a query. `columns` are the column with the name and the one with the instant. */
export function filterList(
  query: Knex.QueryBuilder,
  columns: { name: string; at: string },
  { name, from, to }: ListFilter,
): void {
  if (name !== '') void query.whereILike(columns.name, containing(name))
  if (from !== undefined) void query.where(columns.at, '>=', startOfRomeDay(from))
  if (to !== undefined) void query.where(columns.at, '<', startOfRomeDay(addDays(to, 1)))
}
