import type { Invariant } from './invariant.ts'

/** Invariant: the state that pages show of a payment is true. */
export const PAGES: readonly Invariant[] = [
  {
    id: 'I21',
    name: 'honest_page',
    statements: [
      {
        sql: `select format('cart %s says paid, attempt %s has no positive rt', s.id, a.id) as what
          from c_state s join c_attempt a on a.cart = s.id
          where s.entity = 'cart' and s.state = 'paid' and not exists (
            select from c_receipt r where r.attempt = a.id and r.settling and r.positive)`,
      },
      {
        outside: true,
        sql: `select distinct format('cart %s says that nothing was charged, %s|%s|%s was', s.id, p.domain, p.iuv, p.ccp)
            as what
          from c_state s join c_attempt a on a.cart = s.id
            join s_payment p on p.domain = a.ente and p.iuv = a.iuv and p.ccp = a.ccp
          where s.entity = 'cart' and s.state in ('not_paid', 'timed_out', 'expired', 'archived', 'cancelled')
            and p.at < now() - :grace * interval '1 second'`,
      },
    ],
  },
]
