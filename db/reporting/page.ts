import type { Knex } from 'knex'
import { signedCents } from '../../domain/reporting/flow-checks.ts'
import type { ReportedRow } from '../../domain/reporting/row.ts'
import { documentParts } from './document-parts.ts'

export interface NewPage {
  number: number
  /** The last page, as this one says. */
  pages: number
  document: Uint8Array
  rows: readonly ReportedRow[]
}

/**
 * Stores a page of payments with its rows. False when it was there, or the flow is stored. Safe to repeat and to run twice at once: one
 * statement locks the flow, stores the page, and only then its rows.
 * @throws a violation of `reported_row_place` when the numbers of payments repeat
 */
export async function savePage(
  db: Knex,
  id: string,
  { number, pages, document, rows }: NewPage,
): Promise<boolean> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `with flow as materialized (
       select id, domain from reporting_flow where id = :id and state = 'listed' for no key update
     ), saved as (
       insert into reporting_page (reporting_flow_id, number, document) select id, :number, :document from flow
       on conflict do nothing returning reporting_flow_id
     ), listed as (
       insert into reported_row (reporting_flow_id, domain, page, position, iuv, iur, transfer_index, code, importo_cents, amount_text,
         paid_on, faults)
       select flow.id, flow.domain, :number, r.position, r.iuv, r.iur, r."transferIndex", r.code, r."importoCents", r."amountText",
         r."paidOn", r.faults
       from flow join saved on true, json_to_recordset(:rows) r (position int, iuv text, iur text, "transferIndex" smallint, code text,
         "importoCents" bigint, "amountText" text, "paidOn" date, faults text[])
     )
     update reporting_flow set pages = :pages, rows = rows + :count, rows_cents = rows_cents + :cents
     where id in (select reporting_flow_id from saved)`,
    {
      id,
      number,
      pages,
      document: Buffer.from(document),
      rows: JSON.stringify(rows),
      count: rows.length,
      cents: sumOf(rows),
    },
  )
  return rowCount === 1
}

/** Cents that the rows add up to; a revoked one is subtracted. */
const sumOf = (rows: readonly ReportedRow[]): number => rows.reduce((sum, row) => sum + signedCents(row), 0)

/** The pages of a flow as they came, in their order, one after the other. */
export const pageDocuments = (db: Knex, id: string): AsyncGenerator<Uint8Array> =>
  documentParts(db, 'reporting_page', { reporting_flow_id: id })
