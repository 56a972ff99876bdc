import type { Invariant } from './invariant.ts'

const SAME_KEY = 'r.ente = p.domain and r.iuv = p.iuv and r.ccp = p.ccp'

/** Invariants: all money that a PSP took is known, placed exactly once, and equal to the cent. */
export const MONEY: readonly Invariant[] = [
  {
    id: 'I1',
    name: 'known',
    statements: [
      {
        outside: true,
        sql: `select format('payment %s|%s|%s has no receipt', p.domain, p.iuv, p.ccp) as what from s_payment p
          where p.at < now() - :grace * interval '1 second'
            and not exists (select from c_receipt r where ${SAME_KEY} and r.positive)`,
      },
    ],
  },
  {
    id: 'I2',
    name: 'placed',
    statements: [
      {
        sql: `select format('rt %s is neither settled nor on the work list', r.id) as what from c_receipt r
          where r.positive and r.handled_at is not null
            and not exists (select from c_settlement s where s.receipt = r.id)
            and not exists (select from c_anomaly a where a.receipt = r.id and a.kind <> 'not_reported')`,
      },
      {
        sql: `select format('rt %s was answered OK, says nothing we understand, and is not on the work list', r.id) as what
          from c_receipt r where r.answer = 'accepted' and r.outcome is null
            and not exists (select from c_anomaly a where a.receipt = r.id)`,
      },
      {
        sql: `select format('rt %s was never looked at', id) as what from c_receipt
          where handled_at is null and received_at < now() - :grace * interval '1 second'`,
      },
    ],
  },
  {
    id: 'I3',
    name: 'once',
    statements: [
      {
        sql: `select format('share %s is settled %s times', share, count(*)) as what
          from c_settlement group by share having count(*) > 1`,
      },
      {
        sql: `select format('attempt %s has %s settling rts', attempt, count(*)) as what
          from c_receipt where settling group by attempt having count(*) > 1`,
      },
      {
        sql: `select format('rt %s is one too many and nobody is told', r.id) as what from c_receipt r
          where r.positive and not r.settling and r.handled_at is not null and not exists (
            select from c_anomaly a
            where a.receipt = r.id and a.kind in ('duplicate', 'receipt_refused', 'unknown_attempt'))`,
      },
    ],
  },
  {
    id: 'I4',
    name: 'sum',
    statements: [
      {
        sql: `select format('rt %s says %s cents, %s are placed', r.id, r.cents, placed.cents) as what
          from c_receipt r cross join lateral (
            select coalesce((select sum(s.cents) from c_settlement s where s.receipt = r.id), 0)
              + coalesce((select sum(a.cents) from c_anomaly a where a.receipt = r.id), 0) as cents) placed
          where r.positive and r.handled_at is not null and r.cents is distinct from placed.cents`,
      },
      {
        outside: true,
        // A payment younger than the grace may or may not have its receipt, so two sums bound what was received.
        sql: `select format('%s|%s|%s: paid %s to %s cents, receipts of %s', ente, iuv, ccp, low, high, received) as what
          from (
            select domain as ente, iuv, ccp, sum(cents) as high,
              coalesce(sum(cents) filter (where at < now() - :grace * interval '1 second'), 0) as low
            from s_payment group by 1, 2, 3) p
          full join (
            select ente, iuv, ccp, sum(cents) as received from c_receipt where positive and cents > 0 group by 1, 2, 3) r
          using (ente, iuv, ccp)
          where coalesce(received, 0) not between coalesce(low, 0) and coalesce(high, 0)`,
      },
    ],
  },
]
