import type { Knex } from 'knex'
import { copyRows } from '../ground/copy.ts'
import { uuidv7 } from '../ground/uuid.ts'
import { signedCents } from '../../domain/reporting/flow-checks.ts'
import type { ReportedRow } from '../../domain/reporting/row.ts'
import { rowOf } from '../ground/rows.ts'
import { lockListed } from './flow.ts'

export interface NewPage {
  number: number
  /** The last page, as this one says. */
  pages: number
  document: Uint8Array
  rows: readonly ReportedRow[]
}

const COLUMNS = [
  'id',
  'reporting_flow_id',
  'page',
  'position',
  'domain',
  'iuv',
  'iur',
  'transfer_index',
  'code',
  'importo_cents',
  'amount_text',
  'paid_on',
  'faults',
] as const

/**
 * Stores a page of payments with its rows. False when it was there, or the flow is stored. Safe to repeat and to run twice at once.
 * @throws a violation of `reported_row_place` when the numbers of payments repeat
 */
export function savePage(db: Knex, id: string, { number, pages, document, rows }: NewPage): Promise<boolean> {
  return db.transaction(async (trx) => {
    const flow = await lockListed(trx, id)
    if (!flow) return false
    const saved = await trx('reporting_page')
      .insert({ reporting_flow_id: id, number, document: Buffer.from(document) })
      .onConflict()
      .ignore()
      .returning('number')
    if (saved.length === 0) return false
    await copyRows(
      trx,
      { table: 'reported_row', columns: COLUMNS },
      rows.map((row) => [
        uuidv7(),
        id,
        number,
        row.position,
        flow.domain,
        row.iuv,
        row.iur,
        row.transferIndex,
        row.code,
        row.importoCents,
        row.amountText,
        row.paidOn,
        `{${row.faults.join(',')}}`,
      ]),
    )
    await trx('reporting_flow')
      .where({ id })
      .update({
        pages,
        rows: trx.raw('rows + ?', [rows.length]),
        rows_cents: trx.raw('rows_cents + ?', [sumOf(rows)]),
      })
    return true
  })
}

/** Cents that the rows add up to; a revoked one is subtracted. */
const sumOf = (rows: readonly ReportedRow[]): number => rows.reduce((sum, row) => sum + signedCents(row), 0)

/** The pages of a flow as they came, in their order, one after the other. */
export async function* pageDocuments(db: Knex, id: string): AsyncGenerator<Uint8Array> {
  for (let number = 1; ; number++) {
    const page = await rowOf<{ document: Buffer }>(
      db('reporting_page').first('document').where({ reporting_flow_id: id, number }),
    )
    if (!page) return
    yield page.document
  }
}
