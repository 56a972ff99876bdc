import type { Knex } from 'knex'
import type { FlowHeader, FlowTally } from '../../domain/reporting/flow-checks.ts'

/** What the header of a flow says and what its rows add up to, once its pages are all here. */
export interface FlowFacts {
  header: FlowHeader
  tally: FlowTally
}

export async function flowFacts(trx: Knex, id: string): Promise<FlowFacts> {
  const { rows } = await trx.raw<{ rows: (FlowHeader & FlowTally)[] }>(
    `select f.domain, f.flow_id as "flowId", f.receiver, f.regulated_on as "regulatedOn", f.declared_payments as "declaredPayments",
       f.declared_cents as "declaredCents", f.rows, f.rows_cents as cents, r.faulty, r.doubled
     from reporting_flow f cross join lateral (
       select count(*) filter (where faults <> '{}')::int as faulty,
         (count(*) - count(distinct (iuv, iur, coalesce(transfer_index, 1), code = 'REVOKED')))::int as doubled
       from reported_row where reporting_flow_id = f.id) r
     where f.id = ?`,
    [id],
  )
  const facts = rows[0]!
  return { header: facts, tally: facts }
}
