import type { Knex } from 'knex'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { takeMoneyOff } from '../../db/anomaly/work.ts'
import { iuvFacts } from '../../db/reporting/iuv-facts.ts'
import { reconcileWaiting } from '../../services/reporting/reconcile.ts'
import { stateOf } from '../setup/begun.ts'
import { aDue, anEnte, type TestEnte } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { judgedRow, reported, type GivenRow } from '../setup/reporting.ts'

/** Dues of two beneficiaries, whose shares are in flows of two enti. Source: docs/field/reporting.md#facts. */

let database: TestDatabase
let db: Knex
let comune: TestEnte
let provincia: TestEnte
let progressive = 0

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  comune = await anEnte(db)
  provincia = await anEnte(db)
})
afterAll(() => database.drop())

/** A due of 10,50 for one ente and 5,00 for the other. */
async function shared(
  given: { of?: TestEnte; progressive?: number } = {},
): Promise<{ id: string; iuv: string }> {
  const id = await aDue(db, given.of ?? comune, {
    progressive: given.progressive ?? ++progressive,
    secondary: { domain: provincia.codiceFiscale, cents: 500 },
  })
  return (await db('due').first('id', 'iuv').where({ id })) as { id: string; iuv: string }
}

const flow = (of: TestEnte, rows: GivenRow[], more: { flowId?: string; revision?: number } = {}) =>
  reported(db, { enteId: of.id, domain: of.codiceFiscale, rows, ...more })
const first = (iuv: string): GivenRow => ({ iuv, iur: `A-${iuv}`, code: 'NO_RPT', transferIndex: 1 })
const second = (iuv: string): GivenRow => ({ ...first(iuv), transferIndex: 2, importoCents: 500 })

const open = async (where: object): Promise<string[]> =>
  (await db('anomaly')
    .where({ closed_at: null, ...where })
    .orderBy('kind')
    .pluck('kind')) as string[]
const proofs = (dueId: string) =>
  db('settlement').where({ due_id: dueId }).orderBy('importo_cents').pluck('importo_cents')

it('the share of a second beneficiary that no attempt asked for is paid by the flow of that beneficiary', async () => {
  const due = await shared()
  const flowId = '2026-03-31PSP-SHARE'
  const id = await flow(provincia, [second(due.iuv)], { flowId })
  const row = await judgedRow(db, id)
  expect(row).toMatchObject({ class: 'paid_without_receipt', due_id: due.id, places: { placed: 500 } })
  // Half of its money is here.
  expect(await stateOf(db, 'due', due.id)).toBe('paying')
  expect(await open({ due_id: due.id })).toEqual(['partial_shares'])
  await flow(comune, [first(due.iuv)])
  expect([await stateOf(db, 'due', due.id), await proofs(due.id), await open({ due_id: due.id })]).toEqual([
    'paid',
    [500, 1050],
    [],
  ])
  // A revision takes the share back, and nothing else.
  await flow(provincia, [], { flowId, revision: 2 })
  expect([await stateOf(db, 'due', due.id), await proofs(due.id)]).toEqual(['paying', [1050]])
})

it('the due comes after the row, or is cancelled after it: the row of the other ente is judged again, and its anomaly stays there', async () => {
  const later = progressive + 1
  const { iuv } = await shared({ of: await anEnte(db), progressive: later })
  await db('due').where({ iuv }).update({ iuv: null })
  const id = await flow(provincia, [second(iuv)])
  expect(await judgedRow(db, id)).toMatchObject({ class: 'due_unknown', places: { unplaced: 500 } })
  const due = await shared({ progressive: later })
  progressive = later
  await reconcileWaiting(db)
  const row = await judgedRow(db, id)
  expect(row).toMatchObject({ class: 'paid_without_receipt', due_id: due.id })
  expect(await open({ reported_row_id: row.id })).toEqual([])

  const cancelled = await shared()
  await db('due').where({ id: cancelled.id }).update({ state: 'cancelled', cancelled_reason: 'Annullato' })
  const paid = await judgedRow(db, await flow(provincia, [second(cancelled.iuv)]))
  expect(paid).toMatchObject({ class: 'paid_without_receipt', places: { unplaced: 500 } })
  const anomaly: unknown = await db('anomaly').first('ente_id', 'due_id').where({ reported_row_id: paid.id })
  expect(anomaly).toEqual({ ente_id: provincia.id, due_id: null })
})

it('two enti have a due with the number, and the same second beneficiary: nothing is guessed', async () => {
  const mine = await shared()
  const other = await shared({ of: await anEnte(db), progressive })
  expect(other.iuv).toBe(mine.iuv)
  const row = await judgedRow(db, await flow(provincia, [second(mine.iuv)]))
  expect(row).toMatchObject({ class: 'due_unknown', due_id: null, places: { unplaced: 500 } })
  expect([await proofs(mine.id), await proofs(other.id)]).toEqual([[], []])
})

it('a due of its own with the number does not hide the share, nor does a row without an index reach it', async () => {
  const due = await shared()
  const own = await aDue(db, provincia, { cents: 500, progressive })
  const row = await judgedRow(db, await flow(provincia, [{ ...second(due.iuv), transferIndex: null }]))
  expect(row).toMatchObject({ class: 'paid_without_receipt', due_id: own })
  const other = await judgedRow(db, await flow(provincia, [{ ...second(due.iuv), iur: 'OTHER' }]))
  expect(other).toMatchObject({ class: 'paid_without_receipt', due_id: due.id })
})

it('a person makes the due payable again: the next judging settles nothing, whatever comes, until the payment is gone', async () => {
  const due = await shared()
  const flowId = '2026-03-31PSP-OFF'
  await flow(comune, [first(due.iuv)], { flowId })
  expect([await stateOf(db, 'due', due.id), await open({ due_id: due.id })]).toEqual([
    'paying',
    ['partial_shares'],
  ])
  await db.transaction((trx) => takeMoneyOff(trx, due.id))
  await reconcileWaiting(db)
  const second = await flow(comune, [first(due.iuv)], { flowId, revision: 2 })
  expect([await stateOf(db, 'due', due.id), await proofs(due.id)]).toEqual(['payable', []])
  const row = await judgedRow(db, second)
  expect(row).toMatchObject({
    class: 'paid_without_receipt',
    places: { decided: 1050 },
    is_contradicted: false,
  })
  expect([await open({ due_id: due.id }), await open({ reported_row_id: row.id })]).toEqual([
    ['partial_shares', 'withdrawn'],
    [],
  ])

  await flow(comune, [], { flowId, revision: 3 })
  expect(await open({ due_id: due.id, kind: 'withdrawn' })).toEqual([])
  const ended: unknown = await db('anomaly')
    .first('resolution', 'unplaced_cents')
    .where({ due_id: due.id, kind: 'withdrawn' })
  expect(ended).toEqual({ resolution: 'settled', unplaced_cents: 0 })
})

it('a person returned the money, and a revision takes the payment away: the decision stays, and is shown as contradicted', async () => {
  const due = await shared()
  const flowId = '2026-03-31PSP-RETURN'
  const id = await flow(comune, [first(due.iuv)], { flowId })
  await db.transaction((trx) => takeMoneyOff(trx, due.id))
  await db('anomaly').where({ due_id: due.id, kind: 'withdrawn' }).update({ state: 'to_return' })
  await flow(comune, [], { flowId, revision: 2 })
  expect(await judgedRow(db, id)).toMatchObject({ class: 'superseded', is_contradicted: true })
  expect(await db('anomaly').where({ due_id: due.id, kind: 'withdrawn' }).pluck('state')).toEqual([
    'to_return',
  ])
})

it('the facts of many numbers are still one statement', async () => {
  const asked: string[] = []
  const listen = ({ sql }: { sql: string }): void => void asked.push(sql)
  db.on('query', listen)
  await iuvFacts(
    db,
    { id: provincia.id, domain: provincia.codiceFiscale, codes: ['12'] },
    Array.from({ length: 500 }, (_, at) => `1209${at}`),
  )
  db.removeListener('query', listen)
  expect(asked).toHaveLength(1)
})
