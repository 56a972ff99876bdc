import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { foldFigures } from '../../db/figures/keep.ts'
import { countReportingWeeks, rebuildReportingWeeks } from '../../db/figures/reporting-weeks.ts'
import { iuv17 } from '../../domain/iuv.ts'
import { checkMoney } from '../../tools/check/check.ts'
import { reconcileEnte } from '../../services/reporting/reconcile.ts'
import { aPayment, nothingOutside } from '../check/payments.ts'
import { aDue, anEnte, type TestEnte } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { aFlowWorld } from '../flows/world.ts'
import { aReportingFlow, reported, stored } from '../setup/reporting.ts'
import { aCredit } from '../setup/treasury.ts'

let database: TestDatabase
let db: Knex
let ente: TestEnte

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  ente = await anEnte(db)
})
afterAll(() => database.drop())

const MONDAY = '2026-03-30'
const ofEnte = () => ({ enteId: ente.id, domain: ente.codiceFiscale })

async function differences(): Promise<string[]> {
  const findings = await checkMoney({ db })
  return findings.find(({ id }) => id === 'I23')!.violations
}

type Week = Record<string, number>

/** The kept sums of the week of the flows, all types together, after everything that waits was counted. */
async function week(enteId = ente.id): Promise<Week> {
  await foldFigures(db)
  await countReportingWeeks(db)
  expect(await differences()).toEqual([])
  const { rows } = await db.raw<{ rows: Week[] }>(
    `select coalesce(sum(reported_items), 0)::int as items, coalesce(sum(reported_cents), 0)::int as reported,
       coalesce(sum(open_cents), 0)::int as open, coalesce(sum(open_items), 0)::int as "openItems",
       coalesce(sum(credited_cents), 0)::int as credited, coalesce(sum(untied_cents), 0)::int as untied
     from reporting_week where ente_id = ? and week = ?`,
    [enteId, MONDAY],
  )
  return rows[0]!
}

it('a flow counts when it is stored, revoked payments subtract, and what nobody knows is open', async () => {
  const before = await week()
  await stored(db, { ...ofEnte(), rows: [{ iuv: '01000000000000071' }] })
  expect(await week()).toEqual({ ...before, items: 1, reported: 1050 })
  await reported(db, {
    ...ofEnte(),
    rows: [
      { iuv: '01000000000000072', importoCents: 300, code: 'NEVER_SEEN' },
      { iuv: '01000000000000073', importoCents: 100, code: 'REVOKED' },
    ],
  })
  const now = await week()
  expect([now['items'], now['reported']]).toEqual([3, 1050 + 300 - 100])
  expect([now['openItems'], now['open']]).toEqual([1, 300])
})

it('a newer revision takes the place of the older one', async () => {
  const flowId = `2026-03-31PSP-${randomUUID().slice(0, 8)}`
  const before = await week()
  await reported(db, { ...ofEnte(), flowId, rows: [{ iuv: '01000000000000074', importoCents: 500 }] })
  expect((await week())['reported']).toBe(before['reported']! + 500)
  await reported(db, {
    ...ofEnte(),
    flowId,
    revision: 2,
    rows: [{ iuv: '01000000000000074', importoCents: 700 }],
  })
  expect((await week())['reported']).toBe(before['reported']! + 700)
})

it('a due that comes after its payment was reported moves the payment to its type', async () => {
  const iuv = iuv17({ segregationCode: '12', progressive: 7_001 })
  await reported(db, { ...ofEnte(), rows: [{ iuv, importoCents: 900 }] })
  await week()
  const typed = () =>
    db('reporting_week').where({ ente_id: ente.id, ente_due_type_id: ente.dueTypeId, week: MONDAY }).first()
  const before = ((await typed()) as Week | undefined)?.['reported_cents'] ?? 0
  await aDue(db, ente, { progressive: 7_001, cents: 900 })
  await reconcileEnte(db, ente.id)
  await week()
  expect(((await typed()) as Week)['reported_cents']).toBe(Number(before) + 900)
})

it('a credit counts, and is tied when a person says so; withdrawn money does not count', async () => {
  const world = await aFlowWorld(db, { codIpa: 'C_WEEK', codiceFiscale: '90000000077' })
  const { enteId } = world
  const reportingFlowId = await aReportingFlow(db, { enteId, domain: '90000000077' })
  const { creditId, tieId } = await aCredit(db, { enteId, operatorId: world.operatorId, reportingFlowId })
  expect(await week(enteId)).toMatchObject({ credited: 1050, untied: 1050 })
  await db('treasury_tie')
    .where({ id: tieId })
    .update({ state: 'accepted', decided_at: db.fn.now(), decided_by: world.operatorId })
  expect(await week(enteId)).toMatchObject({ credited: 1050, untied: 0 })
  await db('treasury_credit').where({ id: creditId }).update({ is_seen: false, cents: 0 })
  expect(await week(enteId)).toMatchObject({ credited: 0, untied: 0 })
})

it('what was paid is collected once the figures are folded', async () => {
  const collected = async (): Promise<number> => {
    await week()
    const { rows } = await db.raw<{ rows: { cents: number }[] }>(
      'select coalesce(sum(collected_cents), 0)::int as cents from reporting_week',
    )
    return rows[0]!.cents
  }
  const before = await collected()
  await aPayment(db, nothingOutside())
  expect(await collected()).toBeGreaterThan(before)
})

it('two that count at once leave the same as one, and everything can be built again', async () => {
  await reported(db, { ...ofEnte(), rows: [{ iuv: '01000000000000076' }] })
  await Promise.all([countReportingWeeks(db), countReportingWeeks(db)])
  const kept = await week()
  await db('reporting_week').delete()
  expect(await differences()).not.toEqual([])
  await rebuildReportingWeeks(db)
  expect(await week()).toEqual(kept)
})
