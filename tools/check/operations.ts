import type { Invariant } from './invariant.ts'

/** Invariants after a fault: no resource stays held, and calls are served again. */
export const OPERATIONS: readonly Invariant[] = [
  {
    id: 'I17',
    name: 'resources',
    statements: [
      {
        sql: `select format('backend %s is idle in a transaction since %s', pid, state_change) as what
          from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()
            and state like 'idle in transaction%' and state_change < clock_timestamp() - :idle * interval '1 second'`,
      },
      {
        sql: `select format('%s connections, at most %s', count(*), cast(:connections as int)) as what
          from pg_stat_activity where datname = current_database() having count(*) > cast(:connections as int)`,
      },
    ],
  },
  {
    id: 'I18',
    name: 'recovery',
    statements: [
      {
        outside: true,
        sql: `select format('%s at %s: %s', operation, at, outcome) as what from s_reply
          where outcome in ('http_error', 'timeout', 'unreachable')
            and at > cast(:healed_at as timestamptz) + :budget * interval '1 second'`,
      },
    ],
  },
]
