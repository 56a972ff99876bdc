import { expect } from 'vitest'
import type { World } from './world.ts'

/** Columns whose instants may be in the future, with the limit in minutes. The session library sets those of sessions. */
const AHEAD: Record<string, number> = {
  'cart.expires_at': 60,
  'email_link.expires_at': 15,
  'attempt.next_check_at': 5,
  'email.next_try_at': 5,
  'session.expire': Number.MAX_SAFE_INTEGER,
}

/** Table with two columns, of which the second is never before the first. */
const IN_ORDER = [
  ['cart', 'created_at', 'begun_at'],
  ['cart', 'begun_at', 'returned_at'],
  ['cart', 'begun_at', 'outcome_at'],
  ['cart', 'created_at', 'expires_at'],
  ['attempt', 'created_at', 'outcome_at'],
  ['attempt', 'created_at', 'forced_at'],
  ['receipt', 'received_at', 'handled_at'],
  ['email', 'created_at', 'sent_at'],
  ['email_link', 'created_at', 'used_at'],
] as const

/** Two transactions may read the clock in one order and commit in the other. A wrong clock would be an hour off. */
const TOLERANCE = `interval '1 second'`

/** Expects that every instant in the database is between the start of the world and now, and that no duration is negative. */
export async function expectOneClock({ db }: World): Promise<void> {
  const columns = (await db('information_schema.columns')
    .select('table_name as table', 'column_name as column')
    .where({ table_schema: 'public', data_type: 'timestamp with time zone' })
    .whereRaw(`table_name in (select tablename from pg_tables where schemaname = 'public')`)) as {
    table: string
    column: string
  }[]
  expect(columns.map(({ table, column }) => `${table}.${column}`)).toEqual(
    expect.arrayContaining(['event.at', 'journal.at', ...Object.keys(AHEAD)]),
  )
  const outside = columns.map(({ table, column }) => {
    const minutes = AHEAD[`${table}.${column}`] ?? 0
    return minutes === Number.MAX_SAFE_INTEGER
      ? `select '' as what where false`
      : `select format('${table}.${column} %s', ${column}) as what from ${table} where ${column} not between
           (select min(migration_time) from knex_migrations) - ${TOLERANCE}
           and now() + interval '${minutes} minutes' + ${TOLERANCE}`
  })
  const reversed = IN_ORDER.map(
    ([table, first, second]) =>
      `select format('${table} %s: ${second} is before ${first}', id) as what from ${table}
       where ${second} < ${first} - ${TOLERANCE}`,
  )
  const events = `select format('%s %s: event %s goes back', entity, entity_id, seq) as what from (
      select *, lag(at) over (partition by entity, entity_id order by seq) as before from event where seq is not null) e
    where at < before - ${TOLERANCE}`
  const { rows } = await db.raw<{ rows: unknown[] }>([...outside, ...reversed, events].join(' union all '))
  expect(rows).toEqual([])
}
