import type { Knex } from 'knex'
import type { ReportingFlowState } from '../../domain/states.ts'
import type { DocumentHead } from '../../domain/wire/read-flow-document.ts'
import { rowOf, rowsOf, valuesOf } from '../ground/rows.ts'
import type { ReportingRun } from './run.ts'

/** What the list of pagoPA says of a flow. */
export interface ListedFlow {
  flowId: string
  pspId: string
  revision: number
  /** ISO instants: dataOraFlusso, and when it was made available. */
  flowAt: string
  publishedAt: string | null
}

/** One revision of a flow that is known. */
export interface ReportingFlow extends ListedFlow {
  id: string
  enteId: string
  domain: string
  state: ReportingFlowState
  isCurrent: boolean
  pages: number | null
  /** How often the numbers of its payments repeated. */
  repeats: number
  source: 'rest' | 'soap'
}

export const FLOW_COLUMNS: Record<keyof ReportingFlow, string> = {
  id: 'id',
  enteId: 'ente_id',
  domain: 'domain',
  flowId: 'flow_id',
  pspId: 'psp_id',
  revision: 'revision',
  flowAt: 'flow_at',
  publishedAt: 'published_at',
  state: 'state',
  isCurrent: 'is_current',
  pages: 'pages',
  repeats: 'repeats',
  source: 'source',
}

export const findFlow = (db: Knex, id: string): Promise<ReportingFlow | undefined> =>
  rowOf<ReportingFlow>(db('reporting_flow').first(FLOW_COLUMNS).where({ id }))

/** Stores flows of a list. Those that are known stay as they are. */
export async function insertListed(
  db: Knex,
  { id: runId, enteId, domain }: ReportingRun,
  flows: readonly ListedFlow[],
): Promise<void> {
  if (flows.length === 0) return
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `insert into reporting_flow (ente_id, domain, flow_id, psp_id, revision, source, flow_at, published_at)
     select ?, ?, f.* from json_to_recordset(?) as f ("flowId" text, "pspId" text, revision int, source text, "flowAt" timestamptz, "publishedAt" timestamptz)
     on conflict on constraint reporting_flow_key do nothing`,
    [enteId, domain, JSON.stringify(flows.map((flow) => ({ ...flow, source: 'rest' })))],
  )
  if (rowCount > 0) await db('reporting_run').where({ id: runId }).increment('listed', rowCount)
}

/** When the newest stored flow of an ente was published; undefined before the first one. */
export async function lastPublished(db: Knex, enteId: string): Promise<string | undefined> {
  const row = await rowOf<{ at: string | null }>(
    db('reporting_flow').max('published_at as at').where({ ente_id: enteId, state: 'stored' }).first(),
  )
  return row?.at ?? undefined
}

/** Ids of the flows of an ente that are known and not stored, the oldest first. */
export const listedFlows = (db: Knex, enteId: string, limit: number): Promise<string[]> =>
  valuesOf(
    db('reporting_flow')
      .where({ ente_id: enteId, state: 'listed' })
      .orderBy('flow_at')
      .limit(limit)
      .pluck('id'),
  )

/** What the header of a flow says. `receiver` is the receiver's organization; null when it names none. */
export interface FlowHeader extends Omit<DocumentHead, 'flowId' | 'flowAt'> {
  /** The header as it came; null where it is a part of the stored pages. */
  document: Uint8Array | null
}

/** Stores the header of a flow. Safe to repeat: a header that came again replaces the one before, until the flow is stored. */
export async function saveHeader(db: Knex, id: string, header: FlowHeader): Promise<void> {
  await db('reporting_flow')
    .where({ id, state: 'listed' })
    .update({
      regulation: header.regulation,
      regulated_on: header.regulatedOn,
      bic: header.bic,
      psp_name: header.pspName,
      receiver: header.receiver,
      declared_payments: header.declaredPayments,
      declared_cents: header.declaredCents,
      header: header.document && Buffer.from(header.document),
    })
}

/** Locks a flow that is not stored until the commit. Undefined when it is stored. Call it inside a transaction. */
export const lockListed = (trx: Knex, id: string): Promise<ReportingFlow | undefined> =>
  rowOf<ReportingFlow>(
    trx('reporting_flow').first(FLOW_COLUMNS).where({ id, state: 'listed' }).forNoKeyUpdate(),
  )

/**
 * Makes a flow stored, and the current one when no newer revision is stored. A revision that comes after a later one is stored as old.
 * Call it inside the transaction of `lockListed`.
 */
export async function storeFlow(trx: Knex, flow: ReportingFlow, flags: readonly string[]): Promise<void> {
  const same = { domain: flow.domain, flow_id: flow.flowId, psp_id: flow.pspId }
  // One revision at a time decides which is current.
  await trx.raw(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, [Object.values(same).join('|')])
  const newer = await rowOf(
    trx('reporting_flow')
      .first('id')
      .where(same)
      .where('revision', '>', flow.revision)
      .where({ state: 'stored' }),
  )
  const isCurrent = newer === undefined
  if (isCurrent)
    await trx('reporting_flow')
      .where({ ...same, is_current: true })
      .update({ is_current: false })
  await trx('reporting_flow')
    .where({ id: flow.id })
    .update({ state: 'stored', is_current: isCurrent, flags: [...flags], stored_at: trx.fn.now() })
}

/** Numbers of the pages of a flow that are here. */
export const pagesHere = async (db: Knex, id: string): Promise<number[]> =>
  (
    await rowsOf<{ number: number }>(db('reporting_page').select('number').where({ reporting_flow_id: id }))
  ).map(({ number }) => number)

/** Removes the pages and rows of a flow whose numbers of payments repeat, so that it is fetched anew. Call it after `lockListed`. */
export async function forgetPages(trx: Knex, id: string): Promise<void> {
  await clearPages(trx, id)
  await trx('reporting_flow')
    .where({ id })
    .update({ repeats: trx.raw('repeats + 1') })
}

async function clearPages(trx: Knex, id: string): Promise<void> {
  await trx('reported_row').where({ reporting_flow_id: id }).delete()
  await trx('reporting_page').where({ reporting_flow_id: id }).delete()
  await trx('reporting_flow').where({ id }).update({ rows: 0, rows_cents: 0, pages: null })
}

/** Begins a flow that is not stored from its start, from this source. False when it is stored. */
export const beginFrom = (db: Knex, id: string, source: ReportingFlow['source']): Promise<boolean> =>
  db.transaction(async (trx) => {
    if (!(await lockListed(trx, id))) return false
    await clearPages(trx, id)
    await trx('reporting_flow').where({ id }).update({ source })
    return true
  })

/** How long a flow that pagoPA lists and does not give is asked for: it is replaced until the fourth day. */
const GONE_AFTER = `interval '5 days'`

/** Gives up a flow that pagoPA does not give any more; at once when it is known that it never will. False when it is asked for again. */
export async function giveUp(db: Knex, id: string, when: 'now' | 'late'): Promise<boolean> {
  const query = db('reporting_flow').where({ id, state: 'listed' })
  if (when === 'late') void query.whereRaw(`created_at < now() - ${GONE_AFTER}`)
  return (await query.update({ state: 'gone' })) > 0
}

/** Bytes of the stored pages of a flow. */
export async function bytesHere(db: Knex, id: string): Promise<number> {
  const row = await rowOf<{ bytes: number }>(
    db('reporting_page')
      .first(db.raw('coalesce(sum(octet_length(document)), 0)::bigint as bytes'))
      .where({ reporting_flow_id: id }),
  )
  return row!.bytes
}
