import { createHash } from 'node:crypto'
import type { Knex } from 'knex'

const names = new Map<string, string>()

/**
 * Rows of a statement that each connection prepares once: planning a join costs PostgreSQL more than finding its few rows.
 * For the statements of pages, which are always the same; those with filters have one plan per set of filters.
 * The statement names its columns: a plan of `*` would not survive a migration.
 */
export async function plannedRows<T>(db: Knex, sql: string, bindings: readonly unknown[]): Promise<T[]> {
  const asked = db.raw<{ rows: T[] }>(sql, [...bindings] as Knex.RawBinding[])
  const { rows } = await asked.options({ name: nameOf(sql) })
  return rows
}

function nameOf(sql: string): string {
  const known = names.get(sql)
  if (known !== undefined) return known
  const name = createHash('sha256').update(sql).digest('hex').slice(0, 24)
  names.set(sql, name)
  return name
}
