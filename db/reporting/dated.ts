import type { Knex } from 'knex'
import type { ReportingRun } from './run.ts'

/** A flow of a list that has no revisions. */
export interface NewDatedFlow {
  flowId: string
  pspId: string
  /** dataOraFlusso, an ISO instant, to the second. */
  flowAt: string
}

/**
 * Stores flows of a list without revisions: the revision is the order of dataOraFlusso. One that is not newer than all that is known of its
 * flow is known already, because pagoPA takes no older one. Safe to repeat and to run twice at once.
 */
export async function insertDated(
  db: Knex,
  { id: runId, enteId, domain }: Pick<ReportingRun, 'enteId' | 'domain'> & { id?: string },
  flows: readonly NewDatedFlow[],
): Promise<void> {
  if (flows.length === 0) return
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `insert into reporting_flow (ente_id, domain, flow_id, psp_id, revision, source, flow_at)
     select ?, ?, f."flowId", f."pspId", coalesce(known.revision, 0) + 1, 'soap', f."flowAt"
     from (select distinct on ("flowId") * from json_to_recordset(?) as l ("flowId" text, "pspId" text, "flowAt" timestamptz)
         order by "flowId", "flowAt" desc) f
       left join lateral (select max(o.revision) as revision, max(o.flow_at) as at from reporting_flow o
         where o.domain = ? and o.flow_id = f."flowId" and o.psp_id = f."pspId") known on true
     where known.at is null or date_trunc('second', known.at) < date_trunc('second', f."flowAt")
     on conflict on constraint reporting_flow_key do nothing`,
    [enteId, domain, JSON.stringify(flows), domain],
  )
  if (rowCount > 0 && runId !== undefined)
    await db('reporting_run').where({ id: runId }).increment('listed', rowCount)
}
