import type { Invariant } from './invariant.ts'

/** SQL: sums per kind, type and day, without those that are nothing. A due without a day is put at the end of time, to be joined. */
const summed = (source: string): string =>
  `select kind, ente_due_type_id, coalesce(day, 'infinity') as day, sum(items) as items, sum(cents) as cents from ${source} group by 1, 2, 3
   having sum(items) <> 0 or sum(cents) <> 0`

const WEEK = [
  'collected_cents',
  'reported_items',
  'reported_cents',
  'open_items',
  'open_cents',
  'credited_cents',
  'untied_items',
  'untied_cents',
]
const columns = (of: string): string => WEEK.map((name) => `coalesce(${of}.${name}, 0)`).join(', ')

/** The figures of the home pages, folded and not yet folded, are what counting the rows gives. */
export const FIGURES: readonly Invariant[] = [
  {
    id: 'I23',
    name: 'figures',
    statements: [
      {
        sql: `select format('%s of type %s on %s: %s of %s cents kept, %s of %s cents in the rows', kind, ente_due_type_id,
            day, coalesce(k.items, 0), coalesce(k.cents, 0), coalesce(r.items, 0), coalesce(r.cents, 0)) as what
          from (${summed('figure_now')}) k
          full join (${summed('figure_of_rows')}) r using (kind, ente_due_type_id, day)
          where k.items is distinct from r.items or k.cents is distinct from r.cents`,
      },
      {
        // Weeks that are still to be counted are left out.
        sql: `with weeks as (select * from (select ente_id, week from reporting_week union select ente_id, week from reporting_week_there) w
            where not exists (select from reporting_week_stale s where s.ente_id = w.ente_id and s.week = w.week)),
          kept as (select k.* from reporting_week k join weeks using (ente_id, week)),
          counted as (select w.ente_id, w.week, c.* from weeks w cross join lateral reporting_week_of(w.ente_id, w.week) c)
          select format('reporting of ente %s in the week of %s, type %s: %s kept, %s in the rows', coalesce(k.ente_id, c.ente_id),
            coalesce(k.week, c.week), coalesce(k.ente_due_type_id, c.ente_due_type_id), row(${columns('k')}), row(${columns('c')})) as what
          from kept k full join counted c on k.ente_id = c.ente_id and k.week = c.week
            and coalesce(k.ente_due_type_id::text, '') = coalesce(c.ente_due_type_id::text, '')
          where row(${columns('k')}) is distinct from row(${columns('c')})`,
      },
    ],
  },
]
