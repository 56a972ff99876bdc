import type { Knex } from 'knex'
import { mayUseDueType, type EnteReader } from '../ente/due-type-access.ts'

/** SQL: an id in the form in which it is looked for in texts; domain/treasury/ids.ts does the same. */
export const PLAIN_ID = `upper(regexp_replace(f.flow_id, '[[:space:][:cntrl:]]', '', 'g'))`

/** The newest revision of a flow whose id a text may have. */
export interface NamedFlow {
  id: string
  flowId: string
  pspId: string
  pspName: string | null
  rows: number
  cents: number
}

/** Flows of an ente whose id stands in this text. @param plain the text in the form in which ids are looked for */
export async function flowsNamedIn(db: Knex, enteId: string, plain: string): Promise<NamedFlow[]> {
  const { rows } = await db.raw<{ rows: NamedFlow[] }>(
    `select f.id, f.flow_id as "flowId", f.psp_id as "pspId", f.psp_name as "pspName", f.rows,
       coalesce(f.declared_cents, f.rows_cents) as cents
     from reporting_flow f where f.ente_id = ? and f.is_current and position(${PLAIN_ID} in ?) > 0 order by f.flow_at desc limit 20`,
    [enteId, plain],
  )
  return rows
}

/** Those of these IUVs that are a due, an attempt's or a reported row's of the ente. */
export async function knownIuvs(db: Knex, enteId: string, iuvs: readonly string[]): Promise<string[]> {
  if (iuvs.length === 0) return []
  const { rows } = await db.raw<{ rows: { iuv: string }[] }>(
    `select iuv from due where ente_id = :enteId and iuv = any (:iuvs)
     union select r.iuv from attempt r join ente e on e.codice_fiscale = r.domain where e.id = :enteId and r.iuv = any (:iuvs)`,
    { enteId, iuvs: [...iuvs] },
  )
  return rows.map(({ iuv }) => iuv)
}

/** Who paid: a reported payment with its due, named only for a reader who may use the type of due. */
export interface PaidRow {
  iuv: string
  cents: number | null
  paidOn: string | null
  /** Null when no due has the IUV, or the reader may not see it. */
  dueId: string | null
  causale: string | null
  payer: string | null
  /** There is a due, of a type that the reader may not use. */
  isHidden: boolean
}

const DUE = `left join lateral (select d.id, d.causale, d.pagatore ->> 'anagrafica' as payer, d.importo_cents,
    ${mayUseDueType(':operatorId', 'd.ente_due_type_id')} as may
  from due d where d.ente_id = :enteId and d.iuv = r.iuv order by d.id desc limit 1) d on true`
const SHOWN = `case when d.may then d.id end as "dueId", case when d.may then d.causale end as causale,
  case when d.may then d.payer end as payer, d.id is not null and not d.may as "isHidden"`

/** The first payments of a flow. */
export async function payersOfFlow(
  db: Knex,
  reader: EnteReader,
  flowId: string,
  limit: number,
): Promise<PaidRow[]> {
  const { rows } = await db.raw<{ rows: PaidRow[] }>(
    `select r.iuv, r.importo_cents as cents, r.paid_on as "paidOn", ${SHOWN}
     from reported_row r ${DUE} where r.reporting_flow_id = :flowId order by r.position limit :limit`,
    { enteId: reader.enteId, operatorId: reader.operatorId, flowId, limit },
  )
  return rows
}

/** The payment of an IUV. */
export async function payerOfIuv(db: Knex, reader: EnteReader, iuv: string): Promise<PaidRow[]> {
  const { rows } = await db.raw<{ rows: PaidRow[] }>(
    `select r.iuv, d.importo_cents as cents, null::date as "paidOn", ${SHOWN}
     from (select :iuv::text as iuv) r ${DUE} where d.id is not null`,
    { enteId: reader.enteId, operatorId: reader.operatorId, iuv },
  )
  return rows
}
