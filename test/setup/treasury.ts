import { createHash, randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { insertedId } from '../../db/ground/rows.ts'

const digest = (): Buffer => createHash('sha256').update(randomUUID()).digest()

/** Inserts a loaded statement of the bank with one credit, which is proposed for a reporting flow. */
export async function aCredit(
  db: Knex,
  { enteId, operatorId, reportingFlowId }: { enteId: string; operatorId: string; reportingFlowId: string },
): Promise<{ treasuryFileId: string; creditId: string; tieId: string }> {
  const treasuryFileId = await insertedId(
    db('treasury_file')
      .insert({
        ente_id: enteId,
        operator_id: operatorId,
        file_name: 'giornale.xml',
        bytes: 1,
        sha256: digest(),
      })
      .returning('id'),
  )
  const bill = digest()
  const movementId = await insertedId(
    db('treasury_movement')
      .insert({
        ente_id: enteId,
        source: 'opi',
        key: digest(),
        bill,
        act: 'credit',
        cents: 1050,
        booked_on: '2026-03-31',
        value_on: '2026-03-31',
        series: 'test',
        account: '1',
        year: 2026,
        number: '17',
        sender: 'BANCA',
        text: 'ACCREDITO',
        plain: 'ACCREDITO',
      })
      .returning('id'),
  )
  await db('treasury_sighting').insert({
    file_id: treasuryFileId,
    movement_id: movementId,
    place: JSON.stringify({ line: 1, page: null, number: 1 }),
  })
  await db('treasury_file')
    .where({ id: treasuryFileId })
    .update({ state: 'loaded', kind: 'opi', movements: 1, news: 1, ended_at: db.fn.now() })
  const creditId = await insertedId(
    db('treasury_credit')
      .insert({
        ente_id: enteId,
        source: 'opi',
        bill,
        movement_id: movementId,
        cents: 1050,
        booked_on: '2026-03-31',
        rule: 'no_id',
        needs_tie: false,
      })
      .returning('id'),
  )
  const flow = (await db('reporting_flow')
    .first('domain', 'flow_id', 'psp_id')
    .where({ id: reportingFlowId })) as object
  const tieId = await insertedId(
    db('treasury_tie')
      .insert({ ...flow, credit_id: creditId, state: 'proposed', score: 50, reason: 'amount' })
      .returning('id'),
  )
  return { treasuryFileId, creditId, tieId }
}
