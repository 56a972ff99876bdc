import type { Knex } from 'knex'
import { rowOf } from '../ground/rows.ts'

/** The days of payments whose receipts are looked for in flows next: the day after the last one that was, up to `lastDay`. */
export async function daysToCheck(
  trx: Knex,
  lastDay: string,
): Promise<{ from: string; to: string } | undefined> {
  const row = await rowOf<{ from: string }>(
    trx('unreported_check')
      .first({ from: trx.raw('cast(up_to + 1 as text)') })
      .where('up_to', '<', lastDay)
      .forUpdate(),
  )
  return row && { from: row.from, to: lastDay }
}

export const noteChecked = (trx: Knex, day: string): Promise<unknown> =>
  trx('unreported_check').update({ up_to: day })

/** IUVs of receipts that settled something on these days, of enti that are reported at all. */
export async function iuvsPaid(
  trx: Knex,
  { from, to }: { from: string; to: string },
): Promise<{ enteId: string; iuvs: string[] }[]> {
  const { rows } = await trx.raw<{ rows: { enteId: string; iuvs: string[] }[] }>(
    `select e.id as "enteId", array_agg(distinct receipt.iuv) as iuvs
     from settlement s join receipt on receipt.id = s.receipt_id join ente e on e.codice_fiscale = receipt.domain
     where s.paid_on between ? and ? and exists (select from reporting_flow f where f.ente_id = e.id and f.state = 'stored')
     group by e.id`,
    [from, to],
  )
  return rows
}

/** A payment of a receipt that is in no flow. */
export interface Unreported {
  receiptId: string
  index: number
}

/** Raises the anomaly of each; one that was raised before stays as it is. */
export async function raiseUnreported(trx: Knex, found: readonly Unreported[]): Promise<void> {
  if (found.length === 0) return
  await trx.raw(
    `insert into anomaly (kind, receipt_id, due_id)
     select distinct on (receipt.id, i.due_id) 'not_reported', receipt.id, i.due_id
     from json_to_recordset(cast(? as json)) as g ("receiptId" uuid, index int) join receipt on receipt.id = g."receiptId"
       left join attempt_item i on i.attempt_id = receipt.attempt_id and i.position = g.index
     on conflict do nothing`,
    [JSON.stringify(found)],
  )
}

/** Closes the anomalies of receipts that a flow has after all. */
export async function closeReported(trx: Knex, receiptIds: readonly string[]): Promise<void> {
  if (receiptIds.length === 0) return
  await trx.raw(
    `update anomaly set state = 'closed', resolution = 'settled', closed_at = now()
     where kind = 'not_reported' and receipt_id = any (?) and closed_at is null and reported_row_id is null`,
    [[...receiptIds]],
  )
}
