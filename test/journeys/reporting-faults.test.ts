import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { beginRun } from '../../db/reporting/run.ts'
import { SWEEP, sweepOnce } from '../../workers/sweep.ts'
import { FETCH_REPORTING } from '../../workflows/fetch-reporting/contract.ts'
import { aFlowWorld } from '../flows/world.ts'
import { published, revisionsOf, type FlowRow } from '../setup/reporting.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { waitUntil } from '../setup/wait.ts'

/** Faults of the fetch of reporting flows. Source: docs/field/faults.md#reporting. */

const DOMAIN = '99999900014'

let stack: Stack
let enteId: string

beforeAll(async () => {
  // Lists and flows of several pages.
  stack = await startStack({ settings: { reportingPage: 2 } })
  ;({ enteId } = await aFlowWorld(stack.db))
})
afterAll(() => stack.close())
beforeEach(async () => {
  stack.simulator.behave({ clear: true })
  await stack.db('reporting_pause').update({ until: null, refusals: 0 })
})

const publish = (fdr: string, rows: object[], more: object = {}) =>
  stack.simulator.publish({
    flows: [
      { domain: DOMAIN, fdr, rows: rows as never, header: { regulationDate: fdr.slice(0, 10) }, ...more },
    ],
  })

const flowsOf = (fdr: string): Promise<FlowRow[]> => revisionsOf(stack.db, fdr)

const runs = async (): Promise<{ outcome: string | null; process_id: string }[]> =>
  (await stack.db('reporting_run').orderBy('id')) as { outcome: string | null; process_id: string }[]

async function fetchNow(): Promise<string> {
  const before = (await runs()).length
  const ask = { enteId, operatorId: null, fromOn: null, summary: 'prova' }
  await stack.processes.fetchReporting(ask)
  return waitUntil(async () => {
    const last = (await runs()).slice(before).at(-1)
    return last?.outcome ?? undefined
  }, 70_000)
}

/** I13: at most one current revision of a flow, and the sum of its rows is what it declares, or it says that it is not. */
async function expectI13(): Promise<void> {
  const { rows } = await stack.db.raw<{ rows: object[] }>(
    `select flow_id from reporting_flow where is_current group by domain, flow_id, psp_id having count(*) > 1
     union all
     select f.flow_id from reporting_flow f where f.state = 'stored' and not f.flags @> '{sum_differs}' and f.declared_cents is distinct from
       (select sum(case when r.code = 'REVOKED' then -r.importo_cents else r.importo_cents end) from reported_row r where r.reporting_flow_id = f.id)`,
  )
  expect(rows).toEqual([])
}

describe('F41: a scheduled fetch', () => {
  const sweep = (): Promise<void> =>
    sweepOnce({ ...stack, isReporting: true, log: pino({ level: 'silent' }), grace: SWEEP.grace })
  const missed = async () =>
    (await stack.db('anomaly').where({ kind: 'fetch_missed', ente_id: enteId }).orderBy('id')) as {
      state: string
    }[]

  it('that is missed is told, and made good by the next one', async () => {
    await sweep()
    // As if the worker had been down since nine hours ago: the schedule began nothing.
    await stack.db('reporting_watch').update({ since: stack.db.raw(`now() - interval '9 hours'`) })
    await sweep()
    expect(await missed()).toMatchObject([{ state: 'open' }])
    publish('2026-11-28ABI90001-1', [published('12010000000000138', '24.50')])
    expect(await fetchNow()).toBe('OK')
    await sweep()
    expect(await missed()).toMatchObject([{ state: 'closed' }])
    expect(await flowsOf('2026-11-28ABI90001-1')).toHaveLength(1)
    await expectI13()
  }, 60_000)

  it('that is started twice is one fetch, and asks once', async () => {
    await sweep()
    const handle = stack.client.schedule.getHandle(FETCH_REPORTING.id(enteId))
    publish('2026-11-27ABI90001-1', [published('12010000000000239', '1.00')])
    stack.simulator.behave({
      rules: [{ operation: 'reporting', kind: 'slow', ms: 500, match: { call: 'list' } }],
    })
    const before = (await runs()).length
    await Promise.all([handle.trigger(), handle.trigger()])
    await waitUntil(
      async () => ((await runs()).slice(before).some(({ outcome }) => outcome !== null) ? true : undefined),
      30_000,
    )
    expect((await runs()).slice(before)).toMatchObject([{ outcome: 'OK' }])
    // The same start told twice is the same run.
    const ask = { enteId, operatorId: null, fromOn: null, processId: 'twice/1' }
    const begun = [await beginRun(stack.db, ask), await beginRun(stack.db, ask)]
    expect(begun[0]!.id).toBe(begun[1]!.id)
    expect((await flowsOf('2026-11-27ABI90001-1')).map(({ state }) => state)).toEqual(['stored'])
    await expectI13()
  }, 60_000)
})

it('F42: what is odd about flows, and what breaks while they come, loses nothing and stops nothing else', async () => {
  const [odd, twice, broken] = ['2026-11-26ABI90001-1', '2026-11-25ABI90001-1', '2026-11-24ABI90001-1']
  publish(odd, [published('12010000000000340', '5.00'), published('12010000000000441', '7.005')], {
    sumPayments: '1.00',
  })
  publish(twice, [published('12010000000000542', '1.00')])
  publish(
    broken,
    [1, 2, 3, 4, 5].map((n) => published(`1201000000000060${n}`, '1.00')),
  )
  stack.simulator.behave({
    rules: [
      {
        operation: 'reporting',
        kind: 'broken_page',
        how: 'truncated',
        match: { page: 2, call: 'payments' },
        times: 1,
      },
      {
        operation: 'reporting',
        kind: 'too_many',
        how: 'seconds',
        ms: 2_000,
        times: 1,
        match: { call: 'payments' },
      },
      { operation: 'reporting', kind: 'shifting', how: 'added', match: { call: 'list' }, times: 1 },
    ],
  })
  const startedAt = Date.now()
  expect(await fetchNow()).toBe('OK')
  // The pause that pagoPA asked for.
  expect(Date.now() - startedAt).toBeGreaterThan(1_900)
  expect(await flowsOf(odd)).toMatchObject([{ state: 'stored', rows: 2, rows_cents: 500 }])
  expect((await flowsOf(odd))[0]!.flags).toEqual(expect.arrayContaining(['sum_differs', 'faulty_rows']))
  expect(await flowsOf(twice)).toMatchObject([{ state: 'stored', flags: [] }])
  expect(await flowsOf(broken)).toMatchObject([{ state: 'stored', rows: 5, rows_cents: 500, flags: [] }])
  // The same flows again, and a revision of one that everybody has seen.
  publish(twice, [published('12010000000000542', '2.00')])
  expect(await fetchNow()).toBe('OK')
  expect(
    (await flowsOf(twice)).map(({ revision, is_current, rows_cents }) => [revision, is_current, rows_cents]),
  ).toEqual([
    [1, false, 100],
    [2, true, 200],
  ])
  expect(await flowsOf(broken)).toHaveLength(1)
  await expectI13()
}, 150_000)
