import type { Knex } from 'knex'
import { MAX_NOTICE_AMOUNT } from '../../domain/money.ts'
import type { NoticeDocument } from '../../domain/notice/document.ts'

export type { NoticeDocument } from '../../domain/notice/document.ts'

/**
 * SQL: why no notice of a due `d` of the type `t` is printed; null when it is. A printed notice that asks for money that cannot be paid
 * any more would be paid twice. Source: docs/field/payments.md#printed-notice.
 */
export const WHY_NOT_PRINTED = `case when d.state <> 'payable' then d.state
  when coalesce(length(d.iuv), 0) not in (15, 17) then 'no_number'
  when not (t.active and t.notice_enabled) then 'type_off'
  when d.importo_cents > ${MAX_NOTICE_AMOUNT} then 'too_much'
  when is_expired(d.due_on, t.due_on_binding) then 'expired' end`

/**
 * The notices of those of these dues that have an IUV of 15 or 17 digits, the latest due date first. `isPrintable` is false when the rule
 * above has a reason.
 */
export async function findNoticeDocuments(db: Knex, ids: readonly string[]): Promise<NoticeDocument[]> {
  const { rows } = await db.raw<{ rows: NoticeDocument[] }>(
    `select d.id, d.iuv, d.pagatore_codice as "pagatoreCodice", d.pagatore, d.causale, d.importo_cents as "importoCents",
       case when t.print_due_on then d.due_on end as "dueOn",
       ${WHY_NOT_PRINTED} is null as "isPrintable",
       e.name as "enteName", e.codice_fiscale as "codiceFiscale", e.application_code as "applicationCode", t.settore,
       e.cbill, e.logo, e.second_language as "secondLanguage", e.info, e.email, e.phone, e.indirizzo, e.civico, e.cap,
       e.localita, e.provincia, t.postal_account as conto, coalesce(t.postal_account_name, e.name) as "contoName",
       e.postal_authorization as authorization
     from due d join ente e on e.id = d.ente_id join ente_due_type t on t.id = d.ente_due_type_id
     where d.id = any (?::uuid[]) and length(d.iuv) in (15, 17) order by d.due_on desc nulls last, d.id`,
    [[...ids]],
  )
  return rows
}
