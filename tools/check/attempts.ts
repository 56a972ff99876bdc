import type { Invariant } from './invariant.ts'

/** Invariants of dues and of the attempts to pay them. */
export const ATTEMPTS: readonly Invariant[] = [
  {
    id: 'I5',
    name: 'paid',
    statements: [
      {
        sql: `select format('due %s is %s, its settlements say otherwise', d.id, d.state) as what from c_due d
          where (d.state = 'paid') <> not exists (
            select from c_share h where h.due = d.id
              and not exists (select from c_settlement s where s.share = h.id))`,
      },
      {
        sql: `select format('paid due %s is in open attempt %s', d.id, a.id) as what
          from c_attempt a cross join unnest(a.dues) as i(due) join c_due d on d.id = i.due
          where a.open and d.state = 'paid'
            and not exists (select from c_receipt r where r.attempt = a.id and r.handled_at is null)`,
      },
      {
        outside: true,
        sql: `select format('settlement of share %s has no payment', s.share) as what
          from c_settlement s join c_receipt r on r.id = s.receipt
          where not exists (select from s_payment p
            where p.domain = r.ente and p.iuv = r.iuv and p.ccp = r.ccp)`,
      },
    ],
  },
  {
    id: 'I6',
    name: 'one_attempt',
    statements: [
      {
        sql: `select format('due %s is in %s open attempts', i.due, count(distinct a.cart)) as what
          from c_attempt a cross join unnest(a.dues) as i(due)
          where a.open group by i.due having count(distinct a.cart) > 1`,
      },
      {
        outside: true,
        sql: `select format('the node took %s|%s|%s %s times', domain, iuv, ccp, count(*)) as what
          from s_rpt group by domain, iuv, ccp having count(*) > 1`,
      },
      {
        outside: true,
        sql: `select format('the node has %s|%s|%s, we do not', s.domain, s.iuv, s.ccp) as what from s_rpt s
          where not exists (select from c_attempt a
            where a.ente = s.domain and a.iuv = s.iuv and a.ccp = s.ccp)`,
      },
    ],
  },
  {
    id: 'I7',
    name: 'nobody_stuck',
    statements: [
      {
        sql: `select format('attempt %s should have been looked at %s', id, deadline) as what from c_attempt
          where open and (deadline is null or deadline < now() - interval '3 minutes')`,
      },
    ],
  },
]
