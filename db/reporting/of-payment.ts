import type { Knex } from 'knex'

/** A row of a reporting flow that names an IUV of a due or of a payment, with its flow and the transfer that the flow explains. */
export interface ReportedPayment {
  codIpa: string
  /** The id of the flow, and the name that pagoPA gave it. */
  flowId: string
  flowName: string
  pspId: string
  pspName: string | null
  regulation: string | null
  regulatedOn: string | null
  storedAt: string
  /** Its place in the flow. */
  position: number
  iuv: string
  importoCents: number | null
  amountText: string | null
  code: string
}

/** SQL: the rows of current flows about the domains and IUVs of the query `asked`. */
const REPORTED = `select e.cod_ipa as "codIpa", f.id as "flowId", f.flow_id as "flowName", f.psp_id as "pspId", f.psp_name as "pspName", f.regulation,
    f.regulated_on as "regulatedOn", f.stored_at as "storedAt", r.position, r.iuv, r.importo_cents as "importoCents", r.amount_text as "amountText", r.code
  from (select distinct domain, iuv from asked) a join reported_row r on r.domain = a.domain and r.iuv = a.iuv
    join reporting_flow f on f.id = r.reporting_flow_id and f.is_current join ente e on e.id = f.ente_id`
const IN_ORDER = `order by f.stored_at, f.id, r.position limit 50`

/** What the flows of an ente say of a due: of its IUV, and of those of its attempts. */
export async function reportedOfDue(
  db: Knex,
  { enteId, dueId }: { enteId: string; dueId: string },
): Promise<ReportedPayment[]> {
  const { rows } = await db.raw<{ rows: ReportedPayment[] }>(
    `with asked as (
       select e.codice_fiscale as domain, d.iuv from due d join ente e on e.id = d.ente_id where d.id = ? and d.iuv is not null
       union select a.domain, a.iuv from attempt_item i join attempt a on a.id = i.attempt_id where i.due_id = ?)
     ${REPORTED} where f.ente_id = ? ${IN_ORDER}`,
    [dueId, dueId, enteId],
  )
  return rows
}

/** What flows say of the attempts of a cart, of whatever ente. */
export async function reportedOfCart(db: Knex, cartId: string): Promise<ReportedPayment[]> {
  const { rows } = await db.raw<{ rows: ReportedPayment[] }>(
    `with asked as (select domain, iuv from attempt where cart_id = ?) ${REPORTED} ${IN_ORDER}`,
    [cartId],
  )
  return rows
}
