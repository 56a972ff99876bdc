import type { Invariant } from './invariant.ts'

/** SQL: sums per kind, type and day, without those that are nothing. A due without a day is put at the end of time, to be joined. */
const summed = (source: string): string =>
  `select kind, ente_due_type_id, coalesce(day, 'infinity') as day, sum(items) as items, sum(cents) as cents from ${source} group by 1, 2, 3
   having sum(items) <> 0 or sum(cents) <> 0`

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
    ],
  },
]
