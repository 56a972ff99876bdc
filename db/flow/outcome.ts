import type { Knex } from 'knex'
import { soon, spentLoading, type Flow } from './flow.ts'

/** Names of the files with the loaded rows, in file order. */
export async function loadedParts(db: Knex, flowId: string): Promise<string[]> {
  return db('flow_chunk')
    .where({ flow_id: flowId })
    .whereNotNull('part')
    .orderBy('seq')
    .pluck('part') as Promise<string[]>
}

export interface RejectedRow {
  row: number
  code: string
  text: string
  raw: Buffer
}

/** Rejected rows after a given one, in file order. */
export async function rejectedRows(
  db: Knex,
  flowId: string,
  { after, limit }: { after: number; limit: number },
): Promise<RejectedRow[]> {
  return db('flow_reject')
    .select('row', 'code', 'text', 'raw')
    .where({ flow_id: flowId })
    .where('row', '>', after)
    .orderBy('row')
    .limit(limit)
}

/** Every row is decided: what is left is writing. */
export async function endLoading(db: Knex, flowId: string): Promise<void> {
  await db('flow').where({ id: flowId, state: 'loading' }).update({ state: 'writing' })
}

/** Dues of the flow whose notices were asked for, by IUV, after a given one. */
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

/** The pages after `before` are printed up to another IUV; false: somebody did it, paused or stopped. */
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
 * The file is loaded: what was needed only on the way goes, and who sent it is told. In one transaction; done twice it changes
 * nothing. Answers the mails to hand on.
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
 * Reports of a file: to who sent it, and to the ente when some of it was left out. Source: docs/field/files.md#reports.
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

/** Reports that no process has taken yet. */
export async function pendingReports(db: Knex, flowId: string): Promise<string[]> {
  return db('email').where({ flow_id: flowId, state: 'pending' }).pluck('id') as Promise<string[]>
}
