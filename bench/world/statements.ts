import type { Knex } from 'knex'

/** Counters of a database at one moment: statements so far and position in the WAL. */
export interface CountersAt {
  statements: number
  lsn: string
}

/** Installs the extensions that count. Safe to repeat. */
export async function prepareCounters(db: Knex): Promise<void> {
  await db.raw('create extension if not exists pg_stat_statements')
  await db.raw('create extension if not exists pg_walinspect')
}

export async function readCounters(db: Knex): Promise<CountersAt> {
  const { rows } = await db.raw<{ rows: CountersAt[] }>(
    `select coalesce(sum(calls), 0)::int as statements, pg_current_wal_insert_lsn()::text as lsn
     from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database()) and query not like '%pg_stat_statements%'`,
  )
  return rows[0]!
}
