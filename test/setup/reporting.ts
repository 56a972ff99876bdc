import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { insertedId, rowOf } from '../../db/ground/rows.ts'
import { findFlow, lockListed, storeFlow } from '../../db/reporting/flow.ts'
import { savePage } from '../../db/reporting/page.ts'
import type { ReportedRow } from '../../domain/reporting/row.ts'
import { reconcileEnte } from '../../services/reporting/reconcile.ts'

interface OfEnte {
  enteId: string
  domain: string
}

/** Inserts a flow that is listed and not stored. */
const aListedFlow = (
  db: Knex,
  { enteId, domain, flowId, revision }: OfEnte & { flowId: string; revision: number },
): Promise<string> =>
  insertedId(
    db('reporting_flow')
      .insert({
        ente_id: enteId,
        domain,
        flow_id: flowId,
        psp_id: '60000000001',
        revision,
        source: 'rest',
        flow_at: '2026-03-31',
        header: Buffer.from('{}'),
      })
      .returning('id'),
  )

/** Inserts a stored reporting flow of an ente, without rows. */
export async function aReportingFlow(db: Knex, ente: OfEnte): Promise<string> {
  const flowId = `2026-03-31${randomUUID().slice(0, 8)}-1`
  const id = await aListedFlow(db, { ...ente, flowId, revision: 1 })
  await db('reporting_flow')
    .where({ id })
    .update({ state: 'stored', is_current: true, stored_at: db.fn.now() })
  return id
}

/** Inserts a stored document of quadratura of an ente. */
export async function aQuadratura(db: Knex, { enteId, domain }: OfEnte): Promise<string> {
  const listed = { ente_id: enteId, domain, quadratura_id: `Q-${randomUUID()}`, made_at: '2026-03-31' }
  const id = await insertedId(db('quadratura').insert(listed).returning('id'))
  await db('quadratura_part').insert({ quadratura_id: id, number: 1, document: Buffer.from('<q/>') })
  await db('quadratura').where({ id }).update({ bytes: 4, stored_at: db.fn.now() })
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

/** A row as a test states it. */
export type GivenRow = Partial<ReportedRow> & { iuv: string }

export const reportedRow = (given: GivenRow, position = 1): ReportedRow => ({
  position,
  iur: `IUR-${given.iuv}`,
  transferIndex: 1,
  importoCents: 1050,
  amountText: null,
  code: 'EXECUTED',
  paidOn: '2026-03-31',
  faults: [],
  ...given,
})

interface Reported extends OfEnte {
  flowId?: string
  revision?: number
  rows: readonly GivenRow[]
}

/** Stores a flow with its rows as a fetch does, without judging them. */
export async function stored(
  db: Knex,
  { enteId, domain, flowId = `2026-03-31PSP-${randomUUID().slice(0, 8)}`, revision = 1, rows }: Reported,
): Promise<string> {
  const id = await aListedFlow(db, { enteId, domain, flowId, revision })
  const page = rows.map((row, at) => reportedRow(row, at + 1))
  await savePage(db, id, { number: 1, pages: 1, document: Buffer.from('{}'), rows: page })
  await db.transaction(async (trx) => {
    await lockListed(trx, id)
    await storeFlow(trx, (await findFlow(trx, id))!, [])
  })
  return id
}

/** Stores a flow and judges everything of its ente that waits. */
export async function reported(db: Knex, given: Reported): Promise<string> {
  const id = await stored(db, given)
  await reconcileEnte(db, given.enteId)
  return id
}

export interface JudgedRow {
  id: string
  class: string | null
  rule: string
  due_id: string | null
  receipt_id: string | null
  places: Record<string, number>
  is_contradicted: boolean
  asked: string | null
}

/** The row of a flow at a position. */
export const judgedRow = async (db: Knex, flowId: string, position = 1): Promise<JudgedRow> =>
  (await rowOf<JudgedRow>(db('reported_row').first().where({ reporting_flow_id: flowId, position })))!

/** A payment as the simulator publishes it. */
export const published = (iuv: string, pay: string, more: object = {}) => ({
  iuv,
  pay,
  iur: `IUR-${iuv}`,
  ...more,
})

/** A stored or listed flow as its row. */
export interface FlowRow {
  id: string
  state: string
  revision: number
  source: string
  psp_id: string
  is_current: boolean
  rows: number
  rows_cents: number
  flags: string[]
}

/** Every revision of a flow that is known, in order. */
export const revisionsOf = async (db: Knex, flowId: string): Promise<FlowRow[]> =>
  (await db('reporting_flow').where({ flow_id: flowId }).orderBy('revision')) as FlowRow[]
