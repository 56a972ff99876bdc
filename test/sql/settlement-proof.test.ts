import type { Knex } from 'knex'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aBegunPayment } from '../setup/begun.ts'
import { aDue, anEnte } from '../setup/builders.ts'
import { aReportedRow, aReportingFlow } from '../setup/reporting.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'

let database: TestDatabase
let db: Knex

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
})
afterAll(() => database.drop())

async function aShare(): Promise<{ share_id: string; due_id: string; importo_cents: number }> {
  const dueId = await aDue(db, await anEnte(db))
  const [share] = (await db('due_share').where({ due_id: dueId }).select('id', 'importo_cents')) as {
    id: string
    importo_cents: number
  }[]
  return { share_id: share!.id, due_id: dueId, importo_cents: share!.importo_cents }
}

const ROW = { domain: '99999900013', iuv: '01000000000123468' }
const aFlow = async (): Promise<string> =>
  aReportingFlow(db, { enteId: (await anEnte(db)).id, domain: ROW.domain })

async function aReceipt(): Promise<string> {
  const dueId = await aDue(db, await anEnte(db))
  const { attemptIds } = await aBegunPayment(db, [dueId])
  const [row] = (await db('receipt')
    .insert({
      domain: '99999900013',
      iuv: '01000000000123468',
      attempt_code: attemptIds[0]!.slice(0, 30),
      sha256: Buffer.alloc(32),
      document: Buffer.from('<RT/>'),
      attempt_id: attemptIds[0],
      outcome: 'paid',
      source: 'push',
      answer: 'accepted',
    })
    .returning('id')) as { id: string }[]
  return row!.id
}

it('a share settled by a reported row has the day that the row says', async () => {
  const share = await aShare()
  await db('settlement').insert({ ...share, reported_row_id: await aReportedRow(db, await aFlow(), ROW) })
  expect(await db('settlement').first('receipt_id', 'paid_on').where({ share_id: share.share_id })).toEqual({
    receipt_id: null,
    paid_on: '2026-03-31',
  })
})

it('a share is settled by a receipt or by a reported row, never by both and never by nothing', async () => {
  const proofs = { receipt_id: await aReceipt(), reported_row_id: await aReportedRow(db, await aFlow(), ROW) }
  for (const wrong of [proofs, {}])
    await expect(db('settlement').insert({ ...(await aShare()), ...wrong })).rejects.toMatchObject({
      constraint: 'settlement_one_proof',
    })
  await db('settlement').insert({ ...(await aShare()), receipt_id: proofs.receipt_id })
})

it('a revision of a reporting flow has each of its rows once', async () => {
  const flowId = await aFlow()
  await aReportedRow(db, flowId, ROW)
  await expect(aReportedRow(db, flowId, ROW)).rejects.toMatchObject({ constraint: 'reported_row_place' })
})
