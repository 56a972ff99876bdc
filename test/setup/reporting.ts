import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { insertedId } from '../../db/ground/rows.ts'

/** Inserts a stored reporting flow of an ente, without rows. */
export async function aReportingFlow(
  db: Knex,
  { enteId, domain }: { enteId: string; domain: string },
): Promise<string> {
  const id = await insertedId(
    db('reporting_flow')
      .insert({
        ente_id: enteId,
        domain,
        flow_id: `2026-03-31${randomUUID().slice(0, 8)}-1`,
        psp_id: '60000000001',
        revision: 1,
        source: 'rest',
        flow_at: '2026-03-31',
        header: Buffer.from('{}'),
      })
      .returning('id'),
  )
  await db('reporting_flow')
    .where({ id })
    .update({ state: 'stored', is_current: true, stored_at: db.fn.now() })
  return id
}

/** Inserts a row of a reporting flow. */
export const aReportedRow = (
  db: Knex,
  flowId: string,
  { domain, iuv, position = 1 }: { domain: string; iuv: string; position?: number },
): Promise<string> =>
  insertedId(
    db('reported_row')
      .insert({
        reporting_flow_id: flowId,
        page: 1,
        position,
        code: 'EXECUTED',
        domain,
        iuv,
        iur: `IUR-${iuv}`,
        importo_cents: 1050,
        paid_on: '2026-03-31',
      })
      .returning('id'),
  )
