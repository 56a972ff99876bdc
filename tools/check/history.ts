import type { Invariant } from './invariant.ts'

/** Invariants: each history consists of allowed moves, and each number is given once. */
export const HISTORY: readonly Invariant[] = [
  {
    id: 'I10',
    name: 'legal_history',
    statements: [
      {
        sql: `select format('%s %s: %s -> %s is no allowed move', e.entity, e.id, e.from_state, e.to_state) as what
          from c_event e where e.seq > 0 and not exists (
            select from state_move m
            where m.entity = e.entity and m.from_state = e.from_state and m.to_state = e.to_state)`,
      },
      {
        sql: `select format('%s %s: event %s does not follow the one before', entity, id, seq) as what from (
            select *, lag(seq) over w as seq_before, lag(to_state) over w as state_before
            from c_event window w as (partition by entity, id order by seq)) e
          where seq <> coalesce(seq_before + 1, 0) or from_state is distinct from state_before`,
      },
      {
        sql: `select format('%s %s is %s, its history says %s', s.entity, s.id, s.state, coalesce(e.to_state, 'nothing'))
            as what
          from c_state s left join c_event e on e.entity = s.entity and e.id = s.id and e.seq = s.version
          where e.to_state is distinct from s.state`,
      },
    ],
  },
  {
    id: 'I14',
    name: 'ids',
    statements: [
      {
        sql: `select format('ente %s: iud %s is on %s dues', ente, iud, count(*)) as what
          from c_due where state <> 'cancelled' group by ente, iud having count(*) > 1`,
      },
      {
        sql: `select format('ente %s: iuv %s is on %s dues', ente, iuv, count(*)) as what
          from c_due where state <> 'cancelled' and iuv is not null group by ente, iuv having count(*) > 1`,
      },
      {
        // Check digits: SACI 1.3.1, table 2 (modulo 93 of the notice number), ISO 11649 (modulo 97). Written without
        // domain/iuv.ts, so that a mistake there is found here.
        sql: `select format('%s %s: wrong check digits', ente, iuv) as what from (
            select ente, iuv from c_due where iuv is not null union select ente, iuv from c_attempt) n
          where case
            when iuv ~ '^[0-9]{17}$'
              then lpad((('3' || left(iuv, 15))::numeric % 93)::text, 2, '0') <> right(iuv, 2)
            when iuv ~ '^RF[0-9]{23}$'
              then (substr(iuv, 5) || '2715' || substr(iuv, 3, 2))::numeric % 97 <> 1
            else length(iuv) <> 15 end`,
      },
      {
        sql: `select format('%s %s was generated for %s carts', ente, iuv, count(distinct cart)) as what
          from c_attempt where iuv like 'RF%' group by ente, iuv having count(distinct cart) > 1`,
      },
    ],
  },
]
