import { randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { foldFigures, rebuildFigures } from '../../db/figures/keep.ts'
import { reportingFigures } from '../../db/figures/reporting.ts'
import { countWeeks } from '../../db/figures/weeks.ts'
import { insertedId } from '../../db/ground/rows.ts'
import { addDays, romeDay } from '../../domain/calendar.ts'
import { checkMoney } from '../../tools/check/check.ts'
import { reconcileEnte } from '../../services/reporting/reconcile.ts'
import { deliver, nothingOutside } from '../check/payments.ts'
import { aBegunPayment, askAbout, payCartActivities } from '../setup/begun.ts'
import { aDue, anEnte, type TestEnte } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { reported, stored, type GivenRow } from '../setup/reporting.ts'

let database: TestDatabase
let db: Knex
let ente: TestEnte
let operatorId: string
const today = romeDay(new Date().toISOString())

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  ente = await anEnte(db)
  operatorId = await insertedId(
    db('operator')
      .insert({ codice_fiscale: 'RSSMRA80A01H501U', name: 'Maria Rossi', platform_admin: true })
      .returning('id'),
  )
})
afterAll(() => database.drop())

/** Folds and counts as the sweep does, and finds the weeks that are not what their rows give. */
async function swept(): Promise<string[]> {
  await foldFigures(db)
  await countWeeks(db)
  expect(await db('reporting_week_stale').select()).toEqual([])
  return wrong()
}

const wrong = async (): Promise<string[]> =>
  (await checkMoney({ db })).find(({ id }) => id === 'I25')!.violations

/** The sums of this week as [items, cents]. */
async function thisWeek(): Promise<Record<string, [number, number]>> {
  const { weeks } = await reportingFigures(db, { enteId: ente.id, operatorId })
  const { week: _, ...sums } = weeks.at(-1)!
  return Object.fromEntries(Object.entries(sums).map(([name, { items, cents }]) => [name, [items, cents]]))
}

let progressive = 0
async function aPaidDue(): Promise<string> {
  const id = await aDue(db, ente, { cents: 1050, progressive: ++progressive })
  const { cartId, attemptIds } = await aBegunPayment(db, [id])
  await deliver(db, nothingOutside(), attemptIds[0]!, { paidOn: today, iur: `IUR-${progressive}` })
  await payCartActivities(db).settleCart(askAbout(cartId))
  const { iuv } = (await db('due').first('iuv').where({ id })) as { iuv: string }
  return iuv
}

/** A flow that was made today; judging comes last, as it does after a fetch. */
async function flow(rows: GivenRow[], more: { flowId?: string; revision?: number } = {}): Promise<string> {
  const id = await stored(db, { enteId: ente.id, domain: ente.codiceFiscale, rows, ...more })
  await db('reporting_flow').where({ id }).update({ flow_at: new Date() })
  await reconcileEnte(db, ente.id)
  return id
}

async function aCredit(cents: number, more: object = {}): Promise<string> {
  const movement = await insertedId(
    db('treasury_movement')
      .insert({
        ente_id: ente.id,
        source: 'opi',
        key: randomBytes(32),
        bill: randomBytes(32),
        act: 'credit',
        cents,
        booked_on: today,
        value_on: today,
        series: 'S',
        account: 'C',
        sender: 'PSP',
        text: 'x',
        plain: 'X',
      })
      .returning('id'),
  )
  return insertedId(
    db('treasury_credit')
      .insert({
        ente_id: ente.id,
        source: 'opi',
        bill: randomBytes(32),
        movement_id: movement,
        cents,
        booked_on: today,
        ...more,
      })
      .returning('id'),
  )
}

it('each change marks its week, and what the sweep counts is what the rows give', async () => {
  const iuv = await aPaidDue()
  expect(await swept()).toEqual([])
  expect(await thisWeek()).toMatchObject({ collected: [1, 1050], reported: [0, 0] })

  const flowId = '2026-03-31PSP-WEEKS'
  await flow(
    [
      { iuv, iur: 'IUR-1' },
      { iuv: `${iuv.slice(0, 2)}999999999999999`, iur: 'IUR-X', importoCents: 500 },
    ],
    { flowId },
  )
  expect(await swept()).toEqual([])
  expect(await thisWeek()).toMatchObject({ reported: [2, 1550], open: [1, 500] })

  await db('anomaly').whereNotNull('reported_row_id').update({
    state: 'closed',
    closed_at: new Date(),
    resolution: 'accepted',
    closed_by_id: operatorId,
    reason: 'nota',
  })
  expect(await swept()).toEqual([])
  expect(await thisWeek()).toMatchObject({ reported: [2, 1550], open: [0, 0] })

  // The newer revision takes one payment away, and the money of the older one does not count any more.
  await flow([{ iuv, iur: 'IUR-1' }], { flowId, revision: 2 })
  expect(await swept()).toEqual([])
  expect(await thisWeek()).toMatchObject({ reported: [1, 1050], open: [0, 0] })

  const credit = await aCredit(1050)
  const other = await aCredit(700)
  expect(await swept()).toEqual([])
  expect(await thisWeek()).toMatchObject({ credited: [0, 0], uncredited: [2, 1750] })
  await db('treasury_tie').insert({ credit_id: credit, iuv, state: 'certain', score: 100, reason: 'iuv' })
  expect(await swept()).toEqual([])
  expect(await thisWeek()).toMatchObject({ credited: [1, 1050], uncredited: [1, 700] })
  await db('treasury_credit').where({ id: other }).update({ is_seen: false })
  await db('treasury_credit')
    .where({ id: credit })
    .update({ booked_on: addDays(today, -7) })
  expect(await swept()).toEqual([])
  expect(await thisWeek()).toMatchObject({ credited: [0, 0], uncredited: [0, 0] })
}, 60_000)

it('a receipt that comes later explains a payment that waited for it', async () => {
  const id = await aDue(db, ente, { cents: 1050, progressive: ++progressive })
  const { cartId, attemptIds } = await aBegunPayment(db, [id])
  const { iuv } = (await db('due').first('iuv').where({ id })) as { iuv: string }
  await swept()
  const before = await thisWeek()
  await flow([{ iuv, iur: 'IUR-LATE' }])
  expect(await swept()).toEqual([])
  expect((await thisWeek())['open']).toEqual([before['open']![0] + 1, before['open']![1] + 1050])
  await deliver(db, nothingOutside(), attemptIds[0]!, { paidOn: today, iur: 'IUR-LATE' })
  await payCartActivities(db).settleCart(askAbout(cartId))
  await reconcileEnte(db, ente.id)
  expect(await swept()).toEqual([])
  expect((await thisWeek())['open']).toEqual(before['open'])
}, 60_000)

it('all weeks can be counted anew from the rows, and two sweeps at once count each of them once', async () => {
  const before = await thisWeek()
  await db('reporting_week').update({ reported_cents: 1 })
  expect(await wrong()).not.toEqual([])
  await rebuildFigures(db)
  await Promise.all([countWeeks(db), countWeeks(db)])
  expect(await swept()).toEqual([])
  expect(await thisWeek()).toEqual(before)
}, 60_000)

it('an operator sees his types and what belongs to none, and nothing of another ente', async () => {
  const paolo = await insertedId(
    db('operator').insert({ codice_fiscale: 'VRDPLA80A01H501X', name: 'Paolo Verdi' }).returning('id'),
  )
  await db('operator_grant').insert({ operator_id: paolo, ente_id: ente.id, role: 'operator' })
  const none = await reportingFigures(db, { enteId: ente.id, operatorId: paolo })
  expect(none.weeks.at(-1)!.collected).toEqual({ items: 0, cents: 0 })
  expect(none.types.every(({ code }) => code === null)).toBe(true)
  const other = await anEnte(db)
  await reported(db, { enteId: other.id, domain: other.codiceFiscale, rows: [] })
  const of = await reportingFigures(db, { enteId: other.id, operatorId })
  expect(of.weeks.map(({ reported: sum }) => sum.items)).toEqual(Array.from({ length: 13 }, () => 0))
})
