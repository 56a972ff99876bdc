import type { Knex } from 'knex'
import type { Decision } from '../../domain/reporting/iuv-facts.ts'
import type { RowClass } from '../../domain/reporting/row-class.ts'
import type { Actor } from '../journal/event.ts'
import { insertedId, rowOf } from '../ground/rows.ts'
import { KEEP_GONE } from './judged.ts'

/**
 * SQL: the decision `k` in force about row `r` of flow `f`: its own, else one about the same payment in a revision that is old by now. Source:
 * docs/field/reporting.md#decisions.
 */
export const DECISION_IN_FORCE = `from reported_decision k
  where k.ente_id = f.ente_id and k.iuv = r.iuv and k.iur = r.iur and coalesce(k.transfer_index, 1) = coalesce(r.transfer_index, 1)
    and k.taken_back_at is null
    and (k.reported_row_id = r.id or exists (
      select from reported_row kr join reporting_flow kf on kf.id = kr.reporting_flow_id
      where kr.id = k.reported_row_id and not kf.is_current and (kr.code = 'REVOKED') = (r.code = 'REVOKED')))
  order by k.reported_row_id = r.id desc, k.id desc limit 1`

/** A row that a person decides about. */
export interface DecidedRow {
  id: string
  iuv: string
  iur: string
  transferIndex: number | null
  importoCents: number | null
  class: RowClass
  /** Cents of it that are on a due, or with its own receipt. */
  placedCents: number
  /** False for a row of an older revision, about which nothing new is decided. */
  isCurrent: boolean
  /** A share has its money from this row. */
  isSettling: boolean
  /** The decision in force about its payment. */
  decisionId: string | null
}

/** The row of an ente that is judged; undefined for any other. Call it after `beginJudging`. */
export async function rowToDecide(trx: Knex, enteId: string, id: string): Promise<DecidedRow | undefined> {
  const { rows } = await trx.raw<{ rows: DecidedRow[] }>(
    `select r.id, r.iuv, r.iur, r.transfer_index as "transferIndex", r.importo_cents as "importoCents", r.class, f.is_current as "isCurrent",
       cast(coalesce(r.places ->> 'placed', '0') as bigint) as "placedCents",
       exists (select from settlement s where s.reported_row_id = r.id and s.due_id = r.due_id) as "isSettling",
       (select k.id ${DECISION_IN_FORCE}) as "decisionId"
     from reported_row r join reporting_flow f on f.id = r.reporting_flow_id
     where r.id = ? and f.ente_id = ? and f.state = 'stored' and r.class is not null`,
    [id, enteId],
  )
  return rows[0]
}

export interface NewDecision {
  enteId: string
  row: DecidedRow
  kind: Decision['kind']
  dueId: string | null
  reason: string
  by: Actor
}

/** Stores a decision and closes what was open about the row. */
export async function insertDecision(trx: Knex, given: NewDecision): Promise<string> {
  const { enteId, row, kind, dueId, reason, by } = given
  const id = await insertedId(
    trx('reported_decision')
      .insert({
        ente_id: enteId,
        iuv: row.iuv,
        iur: row.iur,
        transfer_index: row.transferIndex,
        reported_row_id: row.id,
        seen_class: row.class,
        kind,
        due_id: dueId,
        reason,
        decided_by: by.id,
        decided_by_name: by.name,
      })
      .returning('id'),
  )
  await trx('anomaly').where({ reported_row_id: row.id, closed_at: null }).update({
    state: 'closed',
    resolution: 'accepted',
    reason,
    closed_at: trx.fn.now(),
    closed_by: by.name,
    closed_by_id: by.id,
  })
  return id
}

/** A due that may get the money of a row, locked until the commit; undefined when no due of the ente has the number. */
export async function lockRecipient(
  trx: Knex,
  enteId: string,
  iuv: string,
): Promise<{ id: string; importoCents: number; isPayable: boolean } | undefined> {
  const due = await rowOf<{ id: string }>(
    trx('due').first('id').where({ ente_id: enteId, iuv }).whereNot({ state: 'cancelled' }).forNoKeyUpdate(),
  )
  if (!due) return undefined
  const { rows } = await trx.raw<{ rows: { id: string; importoCents: number; isPayable: boolean }[] }>(
    `select d.id, d.importo_cents as "importoCents", d.state = 'payable' and not exists (select from cart_item i where i.due_id = d.id and i.live)
       and not exists (select from settlement p where p.due_id = d.id) as "isPayable" from due d where d.id = ?`,
    [due.id],
  )
  return rows[0]
}

/** Settles every share of a due by a row. */
export async function settleByRow(trx: Knex, dueId: string, rowId: string): Promise<void> {
  await trx.raw(
    `insert into settlement (share_id, due_id, reported_row_id, importo_cents) select id, due_id, ?, importo_cents from due_share where due_id = ?`,
    [rowId, dueId],
  )
}

export interface TakenBack {
  id: string
  kind: Decision['kind']
  dueId: string | null
  iuv: string
}

/** Ends a decision; undefined when somebody has ended it. */
export async function endDecision(trx: Knex, id: string, by: Actor): Promise<TakenBack | undefined> {
  return rowOf<TakenBack>(
    trx('reported_decision')
      .where({ id, taken_back_at: null })
      .update({ taken_back_at: trx.fn.now(), taken_back_by: by.id, taken_back_by_name: by.name })
      .returning(['id', 'kind', 'due_id as dueId', 'iuv']),
  )
}

/** Takes off a due what rows with this IUV settle. A receipt stays. Call it with the due locked. */
export async function unsettleByIuv(trx: Knex, dueId: string, iuv: string): Promise<void> {
  await trx.raw(
    `with gone as (
       delete from settlement s using reported_row r where s.due_id = ? and r.id = s.reported_row_id and r.iuv = ? returning s.*)
     ${KEEP_GONE}`,
    [dueId, iuv],
  )
}

/** The IUV of a due. */
export const iuvOfDue = async (trx: Knex, id: string): Promise<string | null> =>
  (await rowOf<{ iuv: string | null }>(trx('due').first('iuv').where({ id })))!.iuv

/** Asks that the receipt of a row be asked for now. */
export async function askNow(trx: Knex, id: string): Promise<void> {
  await trx.raw(`update reported_row set asked = coalesce(asked, 'once'), ask_at = now() where id = ?`, [id])
}
