import type { Invariant } from './invariant.ts'

/** Acts on many dues: what an act says that it did is what its dues say. */
export const BULK: readonly Invariant[] = [
  {
    id: 'I24',
    name: 'bulk',
    statements: [
      {
        sql: `select format('act %s: %s done and %s left of %s are told, %s, %s and %s are written', b.id, b.done, b."left", b.rows,
            w.done, w."left", w.rows) as what
          from c_bulk b cross join lateral (select count(*) as rows, count(*) filter (where outcome = 'done') as done,
            count(*) filter (where outcome = 'left') as "left" from c_bulk_row r where r.act = b.id) w
          where (b.done, b."left", b.rows) is distinct from (w.done, w."left", w.rows)`,
      },
      {
        sql: `select format('due %s is %s, and act %s says that it cancelled it', d.id, d.state, b.id) as what
          from c_bulk b join c_bulk_row r on r.act = b.id join c_due d on d.id = r.due
          where b.kind = 'cancel' and r.outcome = 'done' and d.state <> 'cancelled'`,
      },
      {
        sql: `select format('act %s: %s cents cancelled are told, its dues have %s', b.id, b.cents, sum(d.cents)) as what
          from c_bulk b join c_bulk_row r on r.act = b.id and r.outcome = 'done' join c_due d on d.id = r.due
          where b.kind = 'cancel' group by b.id, b.cents having b.cents <> sum(d.cents)`,
      },
      {
        sql: `select format('due %s was cancelled by %s acts', r.due, count(*)) as what
          from c_bulk b join c_bulk_row r on r.act = b.id
          where b.kind = 'cancel' and r.outcome = 'done' group by r.due having count(*) > 1`,
      },
    ],
  },
]
