import type { Knex } from 'knex'
import type { RowClass } from '../../domain/reporting/row-class.ts'

/** How many payments have a class, and their cents. */
export interface Standing {
  /** Null: they are not judged yet. */
  class: RowClass | null
  payments: number
  cents: number
}

/** How the payments of a flow stand, the most frequent class first. An unreadable amount counts as none. */
export async function standingOfFlow(db: Knex, flowId: string): Promise<Standing[]> {
  const { rows } = await db.raw<{ rows: Standing[] }>(
    `select class, count(*)::int as payments, coalesce(sum(case when code = 'REVOKED' then -abs(importo_cents) else importo_cents end), 0)::bigint as cents
     from reported_row where reporting_flow_id = ? group by class order by count(*) desc, class`,
    [flowId],
  )
  return rows
}

/**
 * The payments of an ente that somebody or something waits for: those with an open anomaly, with the cents that have no place, and those whose
 * receipt is asked for each day, with their amount.
 */
export async function toLookAt(db: Knex, enteId: string): Promise<Standing[]> {
  const { rows } = await db.raw<{ rows: Standing[] }>(
    `select r.class, count(*)::int as payments, sum(a.unplaced_cents)::bigint as cents
     from anomaly a join reported_row r on r.id = a.reported_row_id
     where a.ente_id = :enteId and a.closed_at is null and r.class is not null and r.class <> 'receipt_missing' group by r.class
     union all
     select r.class, count(*)::int, coalesce(sum(r.importo_cents), 0)::bigint from reported_row r
     where r.ask_at is not null and r.class = 'receipt_missing' and r.domain = (select codice_fiscale from ente where id = :enteId)
     group by r.class order by 2 desc, 1`,
    { enteId },
  )
  return rows
}

/** How many payments of each of these flows have an open anomaly; flows that have none are left out. */
export async function openOfFlows(
  db: Knex,
  enteId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.raw<{ rows: { id: string; payments: number }[] }>(
    `select r.reporting_flow_id as id, count(distinct r.id)::int as payments from anomaly a join reported_row r on r.id = a.reported_row_id
     where a.ente_id = ? and a.closed_at is null and r.reporting_flow_id = any (?::uuid[]) group by 1`,
    [enteId, [...ids]],
  )
  return new Map(rows.map(({ id, payments }) => [id, payments]))
}
