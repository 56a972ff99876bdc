import { expect, it } from 'vitest'
import { stateOf } from '../setup/begun.ts'
import { aDue, anEnte } from '../setup/builders.ts'
import { published, revisionsOf } from '../setup/reporting.ts'
import { waitUntil } from '../setup/wait.ts'
import { useWorld } from './tools/frame.ts'
import { dieWaitingFor, holdTable } from './tools/hold-table.ts'
import { aBegunPayment, cartBecomes, givenUp } from './tools/payments.ts'
import {
  beginFetch,
  beginEvery,
  fetchNow,
  numberedDue,
  proofsOf,
  rowBecomes,
  runsOf,
  scheduleOf,
} from './tools/reporting.ts'
import { expectSound } from './tools/sound.ts'
import type { World } from './tools/world.ts'

let world: World
useWorld((started) => (world = started), { withFiles: true, withReporting: true })

/** Either worker may judge: the one that fetches, and the sweep of any. */
const bothWorkers = () => ({
  kill: async () => void (await Promise.all([world.worker.kill(), world.flows.kill()])),
  start: async () => void (await Promise.all([world.worker.start(), world.flows.start()])),
})

const copyFails = { operation: 'nodoChiediCopiaRT', kind: 'fault', code: 'PPT_RT_NONDISPONIBILE' } as const

it('F41: the worker is down when the schedule begins its fetches: the other one tells, and the first fetch after it makes good', async () => {
  const ente = await anEnte(world.db)
  const schedule = await scheduleOf(world, ente.id)
  await beginEvery(schedule, 3)
  await waitUntil(
    async () => (await runsOf(world, ente.id)).some(({ outcome }) => outcome === 'OK') || undefined,
    30_000,
  )
  await world.worker.kill()
  const [flow] = world.simulator.publish({
    flows: [{ domain: ente.codiceFiscale, rows: [published('12010000000000138', '24.50')] }],
  })
  await hoursPass(ente.id)
  const missed = async () =>
    (await world.db('anomaly').where({ kind: 'fetch_missed', ente_id: ente.id }).pluck('state')) as string[]
  await waitUntil(async () => (await missed()).includes('open') || undefined, 20_000)
  // The fetch that nobody serves, and those that were to begin beside it.
  await waitUntil(
    async () => (await schedule.describe()).info.numActionsSkippedOverlap > 1 || undefined,
    20_000,
  )
  expect(await revisionsOf(world.db, flow!.fdr)).toEqual([])
  await world.worker.start()
  await waitUntil(async () => (await missed()).every((state) => state === 'closed') || undefined, 60_000)
  await schedule.pause()
  expect(await missed()).toEqual(['closed'])
  expect((await revisionsOf(world.db, flow!.fdr)).map(({ state, rows }) => [state, rows])).toEqual([
    ['stored', 1],
  ])
  expect(await overlapping(ente.id)).toEqual([])
  await expectSound(world)
}, 120_000)

it('F43: a flow says that something is paid by code 0, and no receipt comes: asked for, never believed; then it comes', async () => {
  world.simulator.behave({ rules: [{ operation: 'rt', kind: 'on_request' }, copyFails] })
  const ente = await anEnte(world.db)
  const payment = await aBegunPayment(world, { ente })
  await world.simulator.pay(payment.idSession, 'OK')
  const [flow] = await waitUntil(() => {
    const made = world.simulator.publish({ domain: ente.codiceFiscale })
    return made.length > 0 ? made : undefined
  })
  const asked = calls('nodoChiediCopiaRT')
  await fetchNow(world, ente.id)
  const row = await rowBecomes(world, await reportedIn(flow!.fdr), 'receipt_missing')
  expect(row).toMatchObject({ asked: 'daily', places: { awaited: 1_050 } })
  await waitUntil(() => calls('nodoChiediCopiaRT') > asked || undefined)
  expect(await proofsOf(world, payment.dueId)).toEqual([])
  expect(await stateOf(world.db, 'due', payment.dueId)).toBe('paying')
  await world.worker.kill()
  world.simulator.behave({ clear: true })
  await world.worker.start()
  await cartBecomes(world, payment, 'paid')
  await rowBecomes(world, await reportedIn(flow!.fdr), 'matched')
  expect(await proofsOf(world, payment.dueId)).toMatchObject([
    { reported_row_id: null, importo_cents: 1_050 },
  ])
  await expectSound(world)
}, 120_000)

it('F43: codes 9 and 8 pay until a revision takes a row away, also when the worker dies in between', async () => {
  const ente = await anEnte(world.db)
  const dues = await Promise.all(
    [1, 2].map(async (progressive) => numberedDue(world, ente, await aDue(world.db, ente, { progressive }))),
  )
  const [gone, stays] = dues as [(typeof dues)[0], (typeof dues)[0]]
  const [flow] = world.simulator.publish({
    flows: [
      {
        domain: ente.codiceFiscale,
        rows: [published(gone.iuv, '10.50', { code: 9 }), published(stays.iuv, '10.50', { code: 8 })],
      },
    ],
  })
  const settlements = await holdTable(world.db, 'settlement')
  await beginFetch(world, ente.id)
  await dieWaitingFor(settlements, bothWorkers())
  for (const due of dues) {
    expect(await rowBecomes(world, due, 'paid_without_receipt')).toMatchObject({ places: { placed: 1_050 } })
    expect(await stateOf(world.db, 'due', due.id)).toBe('paid')
    expect(await proofsOf(world, due.id)).toMatchObject([{ receipt_id: null, importo_cents: 1_050 }])
  }
  await expectSound(world)

  const { psp, fdr } = flow!
  world.simulator.publish({ flows: [{ domain: ente.codiceFiscale, psp, fdr, changes: { without: [1] } }] })
  const withdrawn = await holdTable(world.db, 'withdrawn_settlement')
  await beginFetch(world, ente.id)
  await dieWaitingFor(withdrawn, bothWorkers())
  await waitUntil(async () => (await stateOf(world.db, 'due', gone.id)) === 'payable' || undefined, 60_000)
  expect(await proofsOf(world, gone.id)).toEqual([])
  expect(await world.db('withdrawn_settlement').where({ due_id: gone.id })).toHaveLength(1)
  expect(await stateOf(world.db, 'due', stays.id)).toBe('paid')
  expect((await revisionsOf(world.db, fdr)).map((one) => [one.revision, one.is_current])).toEqual([
    [1, false],
    [2, true],
  ])
  await expectSound(world)
}, 150_000)

it('F43: the receipt of a payment by code 9 comes after all, while the worker dies: it takes the place of the row', async () => {
  const payment = await givenUp(world, 'silence')
  const { ente_id: enteId } = (await world.db('due').first('ente_id').where({ id: payment.dueId })) as {
    ente_id: string
  }
  world.simulator.behave({ rules: [copyFails] })
  world.gates.nodePort.set('refuse')
  const { node_session: idSession } = (await world
    .db('cart')
    .first('node_session')
    .where({ id: payment.cartId })) as {
    node_session: string
  }
  await world.simulator.pay(idSession, 'OK')
  const { codice_fiscale: domain } = (await world
    .db('ente')
    .first('codice_fiscale')
    .where({ id: enteId })) as {
    codice_fiscale: string
  }
  const [flow] = await waitUntil(() => {
    const made = world.simulator.publish({ domain })
    return made.length > 0 ? made : undefined
  })
  const { psp, fdr } = flow!
  world.simulator.publish({ flows: [{ domain, psp, fdr, changes: { changed: [{ place: 1, code: 9 }] } }] })
  await fetchNow(world, enteId)
  const reported = await reportedIn(fdr)
  await rowBecomes(world, reported, 'paid_without_receipt')
  expect(await proofsOf(world, payment.dueId)).toMatchObject([{ receipt_id: null }])

  const receipts = await holdTable(world.db, 'withdrawn_settlement')
  world.gates.nodePort.set('pass')
  await dieWaitingFor(receipts, bothWorkers())
  await rowBecomes(world, reported, 'matched')
  await waitUntil(async () => (await proofsOf(world, payment.dueId))[0]?.receipt_id ?? undefined, 30_000)
  expect(await proofsOf(world, payment.dueId)).toMatchObject([
    { reported_row_id: null, importo_cents: 1_050 },
  ])
  expect(await stateOf(world.db, 'due', payment.dueId)).toBe('paid')
  await expectSound(world)
}, 150_000)

/** As if everything that is known of the fetches of an ente had been nine hours ago. */
async function hoursPass(enteId: string): Promise<void> {
  await world.db.raw(
    `update reporting_run set started_at = started_at - interval '9 hours', ended_at = ended_at - interval '9 hours' where ente_id = ?`,
    [enteId],
  )
  await world.db.raw(`update reporting_watch set since = since - interval '9 hours' where ente_id = ?`, [
    enteId,
  ])
}

/** Fetches of an ente that began while an earlier one ran. */
async function overlapping(enteId: string): Promise<unknown[]> {
  const { rows } = await world.db.raw<{ rows: unknown[] }>(
    `select b.id from reporting_run a join reporting_run b on b.ente_id = a.ente_id and b.id > a.id
     where a.ente_id = ? and b.started_at < a.ended_at and b.started_at > a.started_at`,
    [enteId],
  )
  return rows
}

const calls = (operation: string): number => world.simulator.state().calls[operation] ?? 0

/** The payment of the first row of a flow. */
const reportedIn = (fdr: string): Promise<{ domain: string; iuv: string }> =>
  waitUntil(
    async () =>
      (await world
        .db('reported_row as r')
        .join('reporting_flow as f', 'f.id', 'r.reporting_flow_id')
        .first('r.domain', 'r.iuv')
        .where({ 'f.flow_id': fdr, 'f.is_current': true })) as { domain: string; iuv: string } | undefined,
    30_000,
  )
