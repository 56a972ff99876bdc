import type { Invariant } from './invariant.ts'

/** SQL: sums per kind, type and day, without those that are nothing. A due without a day is put at the end of time, to be joined. */
const summed = (source: string): string =>
  `select kind, ente_due_type_id, coalesce(day, 'infinity') as day, sum(items) as items, sum(cents) as cents from ${source} group by 1, 2, 3
   having sum(items) <> 0 or sum(cents) <> 0`

/** SQL: what a week has of one part, as a text. */
const WEEK = `concat_ws(' ', part, ente_due_type_id, collected_items, collected_cents, reported_items, reported_cents, open_items,
  open_cents, credited_items, credited_cents, uncredited_items, uncredited_cents)`

/** The figures of the home pages, folded and not yet folded, are what counting the rows gives; so are the sums of weeks. */
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
    ],
  },
  {
    id: 'I25',
    name: 'weeks',
    statements: [
      {
        // A week that changed since the sweep counted it is not looked at, nor one whose payments are not folded yet.
        sql: `select format('week %s of ente %s: kept %s, in the rows %s', w.week, w.ente_id, kept.sums, counted.sums) as what
          from (select ente_id, week from week_with_rows union select ente_id, week from reporting_week) w
          cross join lateral (select array_agg(${WEEK} order by part, ente_due_type_id) as sums
            from reporting_week k where k.ente_id = w.ente_id and k.week = w.week) kept
          cross join lateral (select array_agg(${WEEK} order by part, ente_due_type_id) as sums
            from reporting_week_of_rows(w.ente_id, w.week)) counted
          where kept.sums is distinct from counted.sums
            and not exists (select from reporting_week_stale s where s.ente_id = w.ente_id and s.week = w.week)
            and not exists (select from figure_delta d join ente_due_type t on t.id = d.ente_due_type_id
              where d.kind = 'paid' and t.ente_id = w.ente_id and week_of(d.day) = w.week)`,
      },
    ],
  },
]
