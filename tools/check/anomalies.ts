import type { Invariant } from './invariant.ts'

/** The kinds whose money belongs to no due, so that it must be given or returned and cannot be accepted. */
const MISPLACED = `('duplicate', 'different_receipt', 'paid_after_cancel', 'unknown_attempt', 'late_while_paying', 'withdrawn')`

/** Invariants of anomalies that people have closed: somebody decided, said why, and the cents are where the decision put them. */
export const ANOMALIES: readonly Invariant[] = [
  {
    id: 'I22',
    name: 'worked',
    statements: [
      {
        sql: `select format('anomaly %s is closed by nobody or without a reason', id) as what from c_anomaly
          where state = 'closed' and resolution <> 'settled' and (person is null or reason is null)`,
      },
      {
        sql: `select format('anomaly %s is %s and still has %s cents to place', id, resolution, cents) as what from c_anomaly
          where resolution in ('given', 'settled', 'made_payable') and cents <> 0`,
      },
      {
        sql: `select format('anomaly %s is returned without money or reference', id) as what from c_anomaly
          where resolution = 'returned' and (cents = 0 or reference is null)`,
      },
      {
        sql: `select format('anomaly %s is accepted, and %s cents belong to no due', id, cents) as what from c_anomaly
          where resolution = 'accepted' and cents <> 0 and kind in ${MISPLACED}`,
      },
      {
        sql: `select format('anomaly %s is given, and no settlement has its receipt', a.id) as what from c_anomaly a
          where a.resolution = 'given' and not exists (select from c_settlement s where s.receipt = a.receipt)`,
      },
      {
        sql: `select format('settlement taken off due %s is on no anomaly', w.due_id) as what from withdrawn_settlement w
          join c_anomaly a on a.id = w.anomaly_id where a.kind <> 'withdrawn'`,
      },
    ],
  },
]
