import type { Invariant } from './invariant.ts'

/** Reporting flows: one revision counts, what its rows add up to is said, and no share has its money from a row that is gone. */
export const REPORTING: readonly Invariant[] = [
  {
    id: 'I13',
    name: 'reported',
    statements: [
      {
        sql: `select format('flow %s of %s has %s current revisions', flow, psp, count(*) filter (where current)) as what
          from c_reporting where state = 'stored' and not older
          group by domain, flow, psp having count(*) filter (where current) <> 1`,
      },
      {
        sql: `select format('flow %s has rows of %s cents, %s are told', f.flow, coalesce(w.cents, 0), f.cents) as what
          from c_reporting f cross join lateral (select count(*) as rows, sum(case when r.code = 'REVOKED' then -r.cents else r.cents end) as cents
            from c_reported r where r.flow = f.id) w
          where f.state = 'stored' and not f.older and (w.rows, coalesce(w.cents, 0)) is distinct from (f.rows, f.cents)`,
      },
      {
        sql: `select format('flow %s declares %s rows and %s cents, has %s and %s, and nobody is told', flow, declared_rows, declared_cents,
            rows, cents) as what
          from c_reporting where state = 'stored' and not older
            and ((declared_cents is distinct from cents and not 'sum_differs' = any (flags))
              or (declared_rows is distinct from rows and not 'count_differs' = any (flags)))
            and (declared_cents is not null or declared_rows is not null)`,
      },
      {
        sql: `select format('flow %s was never judged', flow) as what from c_reporting
          where state = 'stored' and not judged and stored_at < now() - (60 + :grace) * interval '1 second'`,
      },
      {
        // What a person linked stays until that person takes it back.
        sql: `select format('share %s has its money from a row of an old revision of flow %s', s.share, f.flow) as what
          from c_settlement s join c_reported r on r.id = s.reported_row join c_reporting f on f.id = r.flow
          where f.state = 'stored' and not f.current and not f.older and f.judged
            and not exists (select from reported_decision k where k.iuv = r.iuv and k.taken_back_at is null)`,
      },
    ],
  },
]
