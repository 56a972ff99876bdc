import { createHash } from 'node:crypto'
import type { Knex } from 'knex'

const names = new Map<string, string>()

/**
 * Rows of a statement that each connection prepares only once, because PostgreSQL spends longer planning such a join than finding
 * its few rows. Meant for statements of pages whose text is constant; a text with filters gets one plan per set of filters.
 * `sql` must name its columns: a prepared `select *` fails after a migration that adds a column.
 */
export async function plannedRows<T>(
  db: Knex,
  sql: string,
  bindings: readonly Knex.RawBinding[],
): Promise<T[]> {
  const query = db.raw<{ rows: T[] }>(sql, [...bindings])
  const { rows } = await query.options({ name: nameOf(sql) })
  return rows
}

/** The name of the prepared statement: 24 hex digits of a hash of its text. */
export function nameOf(sql: string): string {
  const known = names.get(sql)
  if (known !== undefined) return known
  const name = createHash('sha256').update(sql).digest('hex').slice(0, 24)
  names.set(sql, name)
  return name
}

/**
 * SQL: an array with one binding for each id. PostgreSQL plans `any (?::uuid[])` anew at each call, because it cannot know how many ids
 * the array will have and so never trusts the plan that it could keep. Meant for the few ids of a page: each number of ids is a
 * statement of its own.
 */
export const someIds = (ids: readonly string[]): string => `array[${ids.map(() => '?').join(', ')}]::uuid[]`
