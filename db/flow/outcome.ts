import type { Knex } from 'knex'
import type { Reason } from '../../domain/flow/reason.ts'
import { valuesOf } from '../ground/rows.ts'
import { soon, spentLoading, type Flow } from './flow.ts'

/** Names of the stored files with the loaded rows, one per chunk, in the order of the flow. */
export const loadedParts = (db: Knex, flowId: string): Promise<string[]> =>
  valuesOf(db('flow_chunk').where({ flow_id: flowId }).whereNotNull('part').orderBy('seq').pluck('part'))

export interface RejectedRow {
  row: number
  reasons: Reason[]
  raw: Buffer
}

/** The rejected rows after a given one, at most `limit`, in the order of the file. */
export async function rejectedRows(
  db: Knex,
  flowId: string,
  { after, limit }: { after: number; limit: number },
): Promise<RejectedRow[]> {
  return db('flow_reject')
    .select('row', 'reasons', 'raw')
    .where({ flow_id: flowId })
    .where('row', '>', after)
    .orderBy('row')
    .limit(limit)
}

/** Moves a file whose rows are all loaded or rejected to the state in which its results are written. */
export async function endLoading(db: Knex, flowId: string): Promise<void> {
  await db('flow').where({ id: flowId, state: 'loading' }).update({ state: 'writing' })
}

/** Ends a check whose rows are all decided, and deletes what only the check needed, in one transaction. Safe to repeat. */
export async function endCheck(db: Knex, flowId: string): Promise<void> {
  await db.transaction(async (trx) => {
    const ended = await trx('flow')
      .where({ id: flowId, state: 'loading' })
      .update({
        state: 'checked',
        ended_at: trx.fn.now(),
        loading_since: null,
        loading_ms: spentLoading(trx),
      })
    if (ended > 0) await trx('flow_unchanged').where({ flow_id: flowId }).delete()
  })
}

/** The next dues of the flow that want a notice, in the order of their IUVs, after a given one. */
export async function noticesToPrint(
  db: Knex,
  flowId: string,
  { after, limit }: { after: string; limit: number },
): Promise<{ id: string; iuv: string }[]> {
  return db('due')
    .select('id', 'iuv')
    .where({ flow_id: flowId, generates_iuv: true })
    .whereNotNull('iuv')
    .whereNot({ state: 'cancelled' })
    .where('iuv', '>', after)
    .orderBy('iuv')
    .limit(limit)
}

/**
 * Records that the notices after the IUV `before` are printed up to the IUV `after`. False when another worker recorded them, or when
 * the flow was paused or stopped; then nothing changes.
 */
export async function recordPrinted(
  db: Knex,
  flowId: string,
  { before, after, printed }: { before: string; after: string; printed: number },
): Promise<boolean> {
  const updated = await db('flow')
    .where({ id: flowId, state: 'writing', notices_after: before })
    .update({
      notices_after: after,
      notices_printed: db.raw('notices_printed + ?', [printed]),
      next_check_at: soon(db),
    })
  return updated > 0
}

/**
 * Moves a file to `loaded`, deletes what only the loading needed, and stores the mails with its report, in one transaction. Safe to
 * repeat.
 */
export async function endFlow(db: Knex, flow: Flow, mailHost: string): Promise<void> {
  await db.transaction(async (trx) => {
    const ended = await trx('flow')
      .where({ id: flow.id, state: 'writing' })
      .update({ state: 'loaded', ended_at: trx.fn.now(), loading_since: null, loading_ms: spentLoading(trx) })
    if (ended === 0) return
    await trx('flow_unchanged').where({ flow_id: flow.id }).delete()
    await insertReports(trx, flow, mailHost)
  })
}

/**
 * Stores the mails that report a file: to the operator who sent it, and to the ente when rows or the whole file were rejected.
 * Source: docs/field/files.md#reports.
 */
export async function insertReports(trx: Knex, flow: Flow, mailHost: string): Promise<void> {
  await trx.raw(
    `insert into email (kind, flow_id, address, message_id)
     select 'flow', f.id, a.address, 'flow-' || f.id || '-' || a.position || '@' || ?
     from flow f cross join lateral (
       select operator_address(f.operator_id, f.ente_id) as address, 1 as position
       union all
       select e.email, 2 from ente e where e.id = f.ente_id and (f.rows_rejected > 0 or f.state = 'refused')) a
     where f.id = ? and a.address is not null
     on conflict (message_id) do nothing`,
    [mailHost, flow.id],
  )
}

/** Ids of the report mails of a file that are not sent yet. */
export const pendingReports = (db: Knex, flowId: string): Promise<string[]> =>
  valuesOf(db('email').where({ flow_id: flowId, state: 'pending' }).pluck('id'))
