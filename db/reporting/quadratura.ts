import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import type { DatedFlow } from '../../domain/wire/reporting-soap.ts'
import { rowsOf } from '../ground/rows.ts'
import { documentParts } from './document-parts.ts'
import type { ReportingRun } from './run.ts'

/** A document of quadratura that is asked for. */
export interface WantedQuadratura {
  id: string
  domain: string
  quadraturaId: string
}

/** SQL condition on `q`: it will not come any more. pagoPA gives the newest document of an id, and lists thirty days. */
export const IS_GONE = `q.stored_at is null and (q.created_at < now() - interval '30 days' or exists (
  select from quadratura n where n.domain = q.domain and n.quadratura_id = q.quadratura_id and n.made_at > q.made_at))`

/** Stores what a list says. What is known stays as it is. */
export async function insertQuadrature(
  db: Knex,
  { enteId, domain }: Pick<ReportingRun, 'enteId' | 'domain'>,
  listed: readonly DatedFlow[],
): Promise<void> {
  await db.raw(
    `insert into quadratura (ente_id, domain, quadratura_id, made_at)
     select ?, ?, q.* from json_to_recordset(?) as q ("flowId" text, "flowAt" timestamptz)
     on conflict on constraint quadratura_key do nothing`,
    [enteId, domain, JSON.stringify(listed)],
  )
}

/** Documents of an ente that are listed and not stored, the oldest first. */
export const wantedQuadrature = (db: Knex, enteId: string, limit: number): Promise<WantedQuadratura[]> =>
  rowsOf<WantedQuadratura>(
    db('quadratura as q')
      .select({ id: 'q.id', domain: 'q.domain', quadraturaId: 'q.quadratura_id' })
      .where('q.ente_id', enteId)
      .whereNull('q.stored_at')
      .whereRaw(`not (${IS_GONE})`)
      .orderBy(['q.made_at', 'q.id'])
      .limit(limit),
  )

/** Begins a fetch of a document from its start; a fetch that runs may store no more. Undefined when the document is stored. */
export const beginQuadratura = (db: Knex, id: string): Promise<string | undefined> =>
  db.transaction(async (trx) => {
    const fetchId = randomUUID()
    const begun = await trx('quadratura').where({ id, stored_at: null }).update({ fetch_id: fetchId })
    if (begun === 0) return undefined
    await trx('quadratura_part').where({ quadratura_id: id }).delete()
    return fetchId
  })

/** Stores a part of a document. False when another fetch took the place of this one. */
export async function saveQuadraturaPart(
  db: Knex,
  fetchId: string,
  { number, document }: { number: number; document: Uint8Array },
): Promise<boolean> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `with q as materialized (select id from quadratura where fetch_id = ? and stored_at is null for no key update)
     insert into quadratura_part (quadratura_id, number, document) select id, ?, ? from q`,
    [fetchId, number, Buffer.from(document)],
  )
  return rowCount === 1
}

/** Makes a document stored whose parts are all here, unless another fetch took the place of this one. */
export async function storeQuadratura(db: Knex, fetchId: string, bytes: number): Promise<void> {
  await db('quadratura')
    .where({ fetch_id: fetchId, stored_at: null })
    .update({ bytes, stored_at: db.fn.now() })
}

/** Notes at a fetch what became of asking for quadratura. @param outcome `OK`, or the code of what went wrong */
export async function noteQuadratura(db: Knex, runId: string, outcome: string): Promise<void> {
  await db('reporting_run').where({ id: runId }).update({ quadratura: outcome })
}

/** The parts of a stored document in their order. */
export const quadraturaParts = (db: Knex, id: string): AsyncGenerator<Uint8Array> =>
  documentParts(db, 'quadratura_part', { quadratura_id: id })
