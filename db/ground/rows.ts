import type { Knex } from 'knex'

/*
 * knex does not know the columns of our tables. Each helper awaits a query once and gives its result the type that the caller names;
 * nothing checks that type, so the columns stand beside it in the same statement.
 */

/** All rows of a `select`, or of what `returning` brings back. */
export async function rowsOf<T>(query: Knex.QueryBuilder): Promise<T[]> {
  return (await query) as T[]
}

/** The row of a query with `first`, or the first one that `returning` brings back; undefined when there is none. */
export async function rowOf<T>(query: Knex.QueryBuilder): Promise<T | undefined> {
  const result = (await query) as T | T[] | undefined
  return Array.isArray(result) ? result[0] : result
}

/** The values of one column, from a query with `pluck`. */
export async function valuesOf<T = string>(query: Knex.QueryBuilder): Promise<T[]> {
  return (await query) as T[]
}

/** The id of the one row that a query with `returning('id')` wrote. For a query that may write none, use `rowOf`. */
export async function insertedId(query: Knex.QueryBuilder): Promise<string> {
  const [row] = (await query) as [{ id: string }]
  return row.id
}
