import type { Knex } from 'knex'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addDays } from '../../domain/calendar.ts'
import { findUnreported } from '../../services/reporting/unreported.ts'
import { waitUntil } from '../setup/wait.ts'
import { reconcileEnte, reconcileWaiting } from '../../services/reporting/reconcile.ts'
import { aBegunPayment, attemptIdsOf, askAbout, payCartActivities, stateOf, US } from '../setup/begun.ts'
import { aDue, anEnte, type TestEnte } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { judgedRow, reported, stored, type GivenRow } from '../setup/reporting.ts'
import { buildRtFor, envelopeFor, type RtGiven } from '../setup/rt.ts'
import { answerRt } from '../../api/node/answer-rt.ts'

let database: TestDatabase
let db: Knex
let ente: TestEnte
let progressive = 0

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  ente = await anEnte(db)
})
afterAll(() => database.drop())

interface ADue {
  id: string
  iuv: string
}
async function due(cents = 1050): Promise<ADue> {
  const id = await aDue(db, ente, { cents, progressive: ++progressive })
  const { iuv } = (await db('due').first('iuv').where({ id })) as { iuv: string }
  return { id, iuv }
}

/** The due is paid with a receipt that is settled. */
async function paid({ id }: ADue, given: RtGiven = {}): Promise<void> {
  const { cartId } = await aBegunPayment(db, [id])
  await receiptFor(cartId, given)
}
async function receiptFor(cartId: string, given: RtGiven = {}): Promise<void> {
  const [attemptId] = await attemptIdsOf(db, cartId)
  const { key, xml } = await buildRtFor(db, attemptId!, given)
  await answerRt(db, US, envelopeFor(key, xml))
  await payCartActivities(db).settleCart(askAbout(cartId))
}

const flow = (rows: GivenRow[], more: { flowId?: string; revision?: number } = {}) =>
  reported(db, { enteId: ente.id, domain: ente.codiceFiscale, rows, ...more })
const again = () => reconcileEnte(db, ente.id)
const open = (rowId: string) =>
  db('anomaly').where({ reported_row_id: rowId, closed_at: null }).select('kind', 'unplaced_cents')

it('a payment with its receipt and the same amount is matched', async () => {
  const one = await due()
  await paid(one, { iur: 'IUR-A' })
  const row = await judgedRow(db, await flow([{ iuv: one.iuv, iur: 'IUR-A' }]))
  expect(row).toMatchObject({ class: 'matched', due_id: one.id, places: { placed: 1050 } })
  expect(await open(row.id)).toEqual([])
})

it('a payment without the node pays its due, and the receipt of the day after takes its place', async () => {
  const one = await due()
  const { cartId } = await aBegunPayment(db, [one.id])
  const flowId = await flow([{ iuv: one.iuv, iur: 'IUR-B', code: 'NO_RPT' }])
  // The open attempt may be this very payment.
  expect(await stateOf(db, 'due', one.id)).toBe('paying')
  await db('attempt')
    .where({ cart_id: cartId })
    .update({ state: 'not_paid', forced_reason: 'silence', next_check_at: null })
  await db('cart_item').where({ cart_id: cartId }).update({ live: false })
  await db('due').where({ id: one.id }).update({ state: 'payable' })
  await again()
  expect(await judgedRow(db, flowId)).toMatchObject({
    class: 'paid_without_receipt',
    places: { placed: 1050 },
    asked: 'once',
  })
  expect(await stateOf(db, 'due', one.id)).toBe('paid')

  await receiptFor(cartId, { iur: 'IUR-B' })
  await again()
  expect(await judgedRow(db, flowId)).toMatchObject({ class: 'matched', places: { placed: 1050 } })
  expect(await stateOf(db, 'due', one.id)).toBe('paid')
  const settlements = (await db('settlement').where({ due_id: one.id })) as { receipt_id: string | null }[]
  expect(settlements).toMatchObject([{ reported_row_id: null, importo_cents: 1050 }])
  expect(settlements[0]!.receipt_id).not.toBeNull()
  expect(await db('withdrawn_settlement').where({ due_id: one.id })).toHaveLength(1)
  expect(await db('anomaly').where({ due_id: one.id, kind: 'duplicate' })).toEqual([])
})

it('a revision that takes the row away takes the payment back, and the due can be paid again', async () => {
  const [one, other] = [await due(), await due()]
  const flowId = '2026-03-31PSP-REV'
  const rows = [one, other].map(({ iuv }) => ({ iuv, code: 'NO_RPT' }))
  const first = await flow(rows, { flowId })
  expect([await stateOf(db, 'due', one.id), await stateOf(db, 'due', other.id)]).toEqual(['paid', 'paid'])
  await flow(rows.slice(1), { flowId, revision: 2 })
  expect([await stateOf(db, 'due', one.id), await stateOf(db, 'due', other.id)]).toEqual(['payable', 'paid'])
  expect(await judgedRow(db, first)).toMatchObject({ class: 'superseded', places: {} })
  expect(await db('settlement').where({ due_id: one.id })).toEqual([])
  expect(await db('withdrawn_settlement').where({ due_id: one.id })).toHaveLength(1)
})

it('what does not agree is said, with the money that has no place, until the facts agree', async () => {
  const [twice, differs] = [await due(), await due()]
  await paid(twice, { iur: 'IUR-C' })
  await paid(differs, { iur: 'IUR-D' })
  const unknown = '12090000000000100'
  const flowId = await flow([
    { iuv: twice.iuv, iur: 'IUR-OTHER' },
    { iuv: differs.iuv, iur: 'IUR-D', importoCents: 1000 },
    { iuv: unknown },
    { iuv: '12090000000000200', code: 'REVOKED' },
    { iuv: '12090000000000300', code: '7' },
  ])
  const rows = await Promise.all([1, 2, 3, 4, 5].map((position) => judgedRow(db, flowId, position)))
  expect(rows.map((row) => row.class)).toEqual([
    'paid_twice',
    'amount_differs',
    'due_unknown',
    'revoked',
    'code_unknown',
  ])
  expect(await open(rows[0]!.id)).toEqual([{ kind: 'reported_paid_twice', unplaced_cents: 1050 }])
  expect(await open(rows[2]!.id)).toEqual([{ kind: 'reported_due_unknown', unplaced_cents: 1050 }])

  // The due of the unknown number is loaded after its payment.
  const late = await due()
  await db('due').where({ id: late.id }).update({ iuv: unknown })
  await again()
  expect(await judgedRow(db, flowId, 3)).toMatchObject({
    class: 'receipt_missing',
    due_id: late.id,
    asked: 'daily',
  })
  expect(await open(rows[2]!.id)).toEqual([])
  expect(await db('to_reconcile')).toEqual([])
})

it('a flow that was stored and not judged is judged later, in parts, and judging twice at once changes nothing', async () => {
  const dues = [await due(), await due(), await due()]
  const id = await stored(db, {
    enteId: ente.id,
    domain: ente.codiceFiscale,
    rows: dues.map(({ iuv }) => ({ iuv, code: 'NO_RPT' })),
  })
  await Promise.all([again(), again(), again()])
  expect(await db('reporting_flow').first('is_judged', 'judged_to').where({ id })).toEqual({
    is_judged: true,
    judged_to: 3,
  })
  for (const one of dues) {
    expect(await stateOf(db, 'due', one.id)).toBe('paid')
    expect(await db('settlement').where({ due_id: one.id })).toHaveLength(1)
  }
})

it('a receipt in no flow after the working days is told once, and no more when its row comes', async () => {
  const one = await due()
  await paid(one, { iur: 'IUR-E' })
  await db('unreported_check').update({ up_to: '2026-01-01' })
  const missing = () =>
    db('anomaly')
      .where({ kind: 'not_reported', due_id: one.id })
      .select('state', 'unplaced_cents', 'resolution')
  const [{ paidOn }] = (await db('settlement').where({ due_id: one.id }).select({ paidOn: 'paid_on' })) as [
    { paidOn: string },
  ]
  await findUnreported(db, addDays(paidOn, 1), 5)
  expect(await missing()).toEqual([])
  await Promise.all([1, 2].map(() => findUnreported(db, addDays(paidOn, 15), 5)))
  expect(await missing()).toEqual([{ state: 'open', unplaced_cents: 0, resolution: null }])
  await flow([{ iuv: one.iuv, iur: 'IUR-E' }])
  expect(await missing()).toEqual([{ state: 'closed', unplaced_cents: 0, resolution: 'settled' }])
})

it('what dies between storing and matching, or while it matches, leaves nothing by halves, and the next does all of it', async () => {
  const one = await due()
  const id = await stored(db, {
    enteId: ente.id,
    domain: ente.codiceFiscale,
    rows: [{ iuv: '12090000000000700' }, { iuv: one.iuv, code: 'NO_RPT' }],
  })
  const holder = await db.transaction()
  await holder('due').where({ id: one.id }).forNoKeyUpdate().select('id')
  const judging = again().catch((error: unknown) => error)
  const pid = await waitUntil(async () => {
    const { rows } = await db.raw<{ rows: { pid: number }[] }>(
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'select id from due%'`,
    )
    return rows[0]?.pid
  })
  await db.raw('select pg_terminate_backend(?)', [pid])
  expect(await judging).toBeInstanceOf(Error)
  await holder.rollback()
  expect((await judgedRow(db, id, 1)).class).toBeNull()
  expect(await db('reporting_flow').first('is_judged', 'judged_to').where({ id })).toEqual({
    is_judged: false,
    judged_to: 0,
  })
  expect(await stateOf(db, 'due', one.id)).toBe('payable')

  await reconcileWaiting(db)
  expect((await judgedRow(db, id, 1)).class).toBe('due_unknown')
  expect(await stateOf(db, 'due', one.id)).toBe('paid')
  expect(await db('settlement').where({ due_id: one.id })).toHaveLength(1)
})
