import type { Knex } from 'knex'
import type { FlowSettings } from '../../domain/flow/values.ts'
import { signedBy } from '../journal/event.ts'
import { SHARE_COLUMNS, shareRows, totalOf, type DueRow } from './insert-dues.ts'
import type { DueOrigin } from './known-dues.ts'

/** Cancels the dues that rows of a file cancel or replace, and records the file and the row in each. */
export async function cancelDues(
  trx: Knex,
  flowId: string,
  rows: readonly { dueId: string; row: number }[],
): Promise<void> {
  if (rows.length === 0) return
  await trx.raw(
    `with given as (select * from unnest(?::uuid[], ?::int[]) as r (id, row)),
     noted as (
       insert into event (entity, entity_id, kind, data)
       select 'due', d.id, 'cancelled_by', jsonb_strip_nulls(jsonb_build_object('flow', ?::text, 'row', g.row, 'fromFlow', d.flow_id))
       from given g join due d on d.id = g.id order by d.id)
     update due d set state = 'cancelled', cancelled_reason = 'row', flow_id = ?, flow_row = g.row
     from given g where d.id = g.id`,
    [rows.map(({ dueId }) => dueId), rows.map(({ row }) => row), flowId, flowId],
  )
}

/** A row for a due that exists. */
export interface ChangedDue extends DueRow {
  dueId: string
}

/** Changes dues in place, and records in their history which fields changed, without personal data. */
export async function changeDues(
  trx: Knex,
  origin: DueOrigin,
  settings: FlowSettings,
  rows: readonly ChangedDue[],
): Promise<void> {
  if (rows.length === 0) return
  const given = JSON.stringify(
    rows.map(({ row, dueId, due, iuv, contentHash }) => ({
      id: dueId,
      row: origin.flowId === null ? null : row,
      iuv,
      importo: totalOf(due),
      causale: due.causale,
      codice: due.pagatore.codice,
      pagatore: due.pagatore,
      due_on: due.dueOn,
      bilancio: due.bilancio,
      tipo_versamento: due.tipoVersamento,
      commissione: due.commissione,
      generates_iuv: due.generatesIuv,
      content_hash: contentHash,
    })),
  )
  await trx.raw(
    `with given as (
       select * from jsonb_to_recordset(?::jsonb) as g (id uuid, row int, iuv text, importo bigint, causale text, codice text,
         pagatore jsonb, due_on date, bilancio text, tipo_versamento text, commissione bigint, generates_iuv boolean,
         content_hash text)),
     noted as (
       insert into event (entity, entity_id, kind, data)
       select 'due', d.id, 'changed', ?::jsonb || jsonb_strip_nulls(jsonb_build_object('flow', ?::text, 'row', g.row,
         'fromFlow', case when g.row is not null then d.flow_id end,
         'importoCents', jsonb_build_array(d.importo_cents, g.importo), 'dueOn', jsonb_build_array(d.due_on, g.due_on),
         'fields', array_remove(array[
           case when d.causale <> g.causale then 'causale' end,
           case when d.pagatore <> g.pagatore then 'pagatore' end,
           case when d.bilancio is distinct from g.bilancio then 'bilancio' end,
           case when d.iuv is distinct from g.iuv then 'iuv' end], null)))
       from given g join due d on d.id = g.id)
     update due d set iuv = g.iuv, importo_cents = g.importo, causale = g.causale, pagatore_codice = g.codice,
       pagatore = g.pagatore, due_on = g.due_on, bilancio = g.bilancio, tipo_versamento = g.tipo_versamento,
       commissione_cents = g.commissione, generates_iuv = g.generates_iuv, content_hash = decode(g.content_hash, 'hex'),
       flow_id = coalesce(?, d.flow_id), flow_row = coalesce(g.row, d.flow_row)
     from given g where d.id = g.id`,
    [given, JSON.stringify(origin.by ? signedBy(origin.by) : {}), origin.flowId, origin.flowId],
  )
  await changeShares(trx, origin, settings, rows)
}

/**
 * Changes the shares of these dues. It may remove a second share, because a due whose second share is in an attempt is never changed:
 * the rules replace it by a new due.
 */
async function changeShares(
  trx: Knex,
  origin: DueOrigin,
  settings: FlowSettings,
  rows: readonly ChangedDue[],
): Promise<void> {
  const alone = rows.filter(({ due }) => due.secondary === undefined).map(({ dueId }) => dueId)
  await trx.raw(`delete from due_share where due_id = any (?::uuid[]) and position = 2`, [alone])
  const shares = rows.flatMap(({ dueId, due }) =>
    shareRows(dueId, origin, settings, due).map((values) =>
      Object.fromEntries(SHARE_COLUMNS.map((column, at) => [column, values[at]])),
    ),
  )
  await trx.raw(
    `insert into due_share (${SHARE_COLUMNS.join(', ')})
     select * from jsonb_to_recordset(?::jsonb) as s (due_id uuid, position smallint, domain text, ente_id uuid,
       ente_name text, iban text, importo_cents bigint, dati_specifici_riscossione text, causale text, address jsonb)
     on conflict (due_id, position) do update set domain = excluded.domain, ente_name = excluded.ente_name,
       iban = excluded.iban, importo_cents = excluded.importo_cents,
       dati_specifici_riscossione = excluded.dati_specifici_riscossione, causale = excluded.causale, address = excluded.address`,
    [JSON.stringify(shares)],
  )
}
