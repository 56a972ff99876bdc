import type { Knex } from 'knex'
import { rowOf, valuesOf } from '../ground/rows.ts'

/** One judgement at a time for an ente, until the commit; what it does is no new fact that would be judged again. */
export async function beginJudging(trx: Knex, enteId: string): Promise<void> {
  await trx.raw(
    `select pg_advisory_xact_lock(hashtextextended('reconcile|' || ?, 0)), set_config('mypay.reconciling', 'on', true)`,
    [enteId],
  )
}

/** Rows of a flow that are judged next. */
export interface RowsToJudge {
  iuvs: string[]
  /** Its last row that they reach. */
  to: number
  isLast: boolean
}

/** The next rows of a stored flow that are not judged, at most `limit`; undefined when there are none. Call it after `beginJudging`. */
export async function rowsToJudge(
  trx: Knex,
  flowId: string,
  limit: number,
): Promise<RowsToJudge | undefined> {
  const { rows } = await trx.raw<{ rows: { iuvs: string[] | null; to: number | null; count: number }[] }>(
    `select array_agg(distinct n.iuv) as iuvs, max(n.position) as to, cast(count(*) as int) as count
     from reporting_flow f left join lateral (
       select r.iuv, r.position from reported_row r where r.reporting_flow_id = f.id and r.position > f.judged_to
       order by r.position limit ?) n on true
     where f.id = ? and f.state = 'stored' and not f.is_judged group by f.id`,
    [limit, flowId],
  )
  const [next] = rows
  if (!next) return undefined
  if (next.to === null) return { iuvs: [], to: 0, isLast: true }
  return { iuvs: next.iuvs!, to: next.to, isLast: next.count < limit }
}

/** Notes how far a flow is judged. */
export async function noteJudged(trx: Knex, flowId: string, { to, isLast }: RowsToJudge): Promise<void> {
  await trx('reporting_flow').where({ id: flowId }).update({ judged_to: to, is_judged: isLast })
}

/** Stored flows of an ente that are not judged to their end, old ones too. */
export const flowsToJudge = (db: Knex, enteId: string): Promise<string[]> =>
  valuesOf(
    db('reporting_flow')
      .where({ ente_id: enteId, state: 'stored', is_judged: false })
      .orderBy('stored_at')
      .pluck('id'),
  )

/** The ente of a flow. */
export const enteOfFlow = async (db: Knex, flowId: string): Promise<string | undefined> =>
  (await rowOf<{ enteId: string }>(db('reporting_flow').first({ enteId: 'ente_id' }).where({ id: flowId })))
    ?.enteId

/** IUVs of an ente about which something new is known, at most `limit` facts, which are used up. Call it after `beginJudging`. */
export async function takeIuvs(trx: Knex, enteId: string, limit: number): Promise<string[]> {
  const { rows } = await trx.raw<{ rows: { iuv: string }[] }>(
    `with taken as (delete from to_reconcile where id = any (array(
       select id from to_reconcile where ente_id = ? order by id limit ?)) returning iuv)
     select distinct iuv from taken`,
    [enteId, limit],
  )
  return rows.map(({ iuv }) => iuv)
}

/** Enti with something to judge. */
export async function entiToJudge(db: Knex, limit: number): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select id from (
       select distinct ente_id as id from reporting_flow where state = 'stored' and not is_judged
       union select ente_id from (select ente_id from to_reconcile order by id limit 10000) new_facts) waiting limit ?`,
    [limit],
  )
  return rows.map(({ id }) => id)
}
