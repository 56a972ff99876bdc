import { ScheduleOverlapPolicy, type ScheduleHandle } from '@temporalio/client'
import { FETCH_REPORTING } from '../../../workflows/fetch-reporting/contract.ts'
import type { TestEnte } from '../../setup/builders.ts'
import type { JudgedRow } from '../../setup/reporting.ts'
import { waitUntil } from '../../setup/wait.ts'
import type { World } from './world.ts'

export interface RunRow {
  id: string
  outcome: string | null
  started_at: string
}

export const runsOf = async ({ db }: World, enteId: string): Promise<RunRow[]> =>
  (await db('reporting_run').where({ ente_id: enteId }).orderBy('id')) as RunRow[]

/** The schedule of an ente, once a sweep has made it. */
export async function scheduleOf(world: World, enteId: string): Promise<ScheduleHandle> {
  const handle = world.client.schedule.getHandle(FETCH_REPORTING.id(enteId))
  await waitUntil(() =>
    handle.describe().then(
      () => true,
      () => undefined,
    ),
  )
  return handle
}

/** Lets a schedule begin its fetches so often, instead of at its hours. */
export const beginEvery = (schedule: ScheduleHandle, seconds: number): Promise<void> =>
  schedule.update(({ policies, action, state }) => ({
    spec: { intervals: [{ every: `${seconds} seconds` }] },
    policies: { ...policies, overlap: ScheduleOverlapPolicy.SKIP },
    action: action as never,
    state,
  }))

/** Asks for a fetch as "Scarica ora" does, and waits until one that began afterwards ended well. */
export async function fetchNow(world: World, enteId: string): Promise<void> {
  const { id } = await beginFetch(world, enteId)
  await waitUntil(
    async () => (await runsOf(world, enteId)).find((run) => run.id === id && run.outcome === 'OK'),
    60_000,
  )
}

/** Asks for a fetch until a new one begins. Where one runs, asking changes nothing until it has ended. */
export async function beginFetch(world: World, enteId: string): Promise<RunRow> {
  const { length: before } = await runsOf(world, enteId)
  const ask = { enteId, operatorId: null, fromOn: null, summary: 'prova' }
  return waitUntil(
    async () => {
      const begun = (await runsOf(world, enteId))[before]
      if (!begun) await world.processes.fetchReporting(ask)
      return begun
    },
    90_000,
    300,
  )
}

/** Every row that a current flow has about an IUV of an ente, once it has this class. */
export const rowBecomes = (
  world: World,
  { domain, iuv }: { domain: string; iuv: string },
  rowClass: string,
): Promise<JudgedRow> =>
  waitUntil(
    async () =>
      (await world
        .db('reported_row as r')
        .join('reporting_flow as f', 'f.id', 'r.reporting_flow_id')
        .first('r.*')
        .where({ 'r.domain': domain, 'r.iuv': iuv, 'r.class': rowClass, 'f.is_current': true })) as
        JudgedRow | undefined,
    30_000,
  )

export interface PayableDue {
  id: string
  iuv: string
  domain: string
}

/** The number under which a due is known at pagoPA, in the organization of its ente. */
export async function numberedDue(
  world: World,
  { codiceFiscale }: TestEnte,
  id: string,
): Promise<PayableDue> {
  const { iuv } = (await world.db('due').first('iuv').where({ id })) as { iuv: string }
  return { id, iuv, domain: codiceFiscale }
}

/** What settles a due. */
export const proofsOf = async (
  { db }: World,
  dueId: string,
): Promise<{ receipt_id: string | null; reported_row_id: string | null; importo_cents: number }[]> =>
  (await db('settlement')
    .where({ due_id: dueId })
    .select('receipt_id', 'reported_row_id', 'importo_cents')) as never
