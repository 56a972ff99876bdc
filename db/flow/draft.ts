import type { Knex } from 'knex'
import type { FlowFormat } from '../../domain/flow/columns.ts'
import type { SheetNumbers } from '../../domain/flow/sheet/numbers.ts'
import type { SheetProblem } from '../../domain/flow/sheet/problem.ts'
import type { DraftState } from '../../domain/states.ts'
import { rowOf, rowsOf, valuesOf } from '../ground/rows.ts'
import { noteEvent, signedBy, type Actor } from '../journal/event.ts'
import { soon } from './flow.ts'

/** A file that is no flow yet, with what is known of it. */
export interface Draft {
  id: string
  enteId: string
  operatorId: string
  kind: 'csv' | 'sheet'
  state: DraftState
  fileName: string
  bytes: number
  sha256: Buffer
  wantsNotices: boolean
  /** The operator sent it with the button that only checks. */
  wantsCheck: boolean
  iuf: string | null
  format: FlowFormat | null
  rows: number | null
  rowsUnread: number | null
  sheetRows: SheetNumbers | null
  problem: SheetProblem | null
  flowId: string | null
  /** The file whose rejected rows it brings back. */
  correctsId: string | null
  expiresAt: string
  createdAt: string
}

const COLUMNS: Record<keyof Draft, string> = {
  id: 'id',
  enteId: 'ente_id',
  operatorId: 'operator_id',
  kind: 'kind',
  state: 'state',
  fileName: 'file_name',
  bytes: 'bytes',
  sha256: 'sha256',
  wantsNotices: 'wants_notices',
  wantsCheck: 'wants_check',
  iuf: 'iuf',
  format: 'format',
  rows: 'rows',
  rowsUnread: 'rows_unread',
  sheetRows: 'sheet_rows',
  problem: 'problem',
  flowId: 'flow_id',
  correctsId: 'corrects_id',
  expiresAt: 'expires_at',
  createdAt: 'created_at',
}

export type NewDraft = Pick<
  Draft,
  | 'id'
  | 'enteId'
  | 'operatorId'
  | 'kind'
  | 'fileName'
  | 'bytes'
  | 'sha256'
  | 'wantsNotices'
  | 'iuf'
  | 'format'
> &
  Partial<Pick<Draft, 'correctsId' | 'wantsCheck'>>

/** Stores a draft: a sheet is converted first, a CSV waits for its operator. */
export async function insertDraft(db: Knex, draft: NewDraft): Promise<void> {
  await db('draft').insert({
    id: draft.id,
    ente_id: draft.enteId,
    operator_id: draft.operatorId,
    kind: draft.kind,
    state: draft.kind === 'sheet' ? 'converting' : 'waiting',
    file_name: draft.fileName,
    bytes: draft.bytes,
    sha256: draft.sha256,
    wants_notices: draft.wantsNotices,
    wants_check: draft.wantsCheck ?? false,
    iuf: draft.iuf,
    format: draft.format,
    corrects_id: draft.correctsId ?? null,
  })
}

export const findDraft = (db: Knex, id: string): Promise<Draft | undefined> =>
  rowOf<Draft>(db('draft').first(COLUMNS).where({ id }))

/** The owner of a draft. Nobody else sees it, because its rows may be of types that others may not use. */
export interface DraftOwner {
  enteId: string
  operatorId: string
}

export const findOwnDraft = (
  db: Knex,
  { enteId, operatorId }: DraftOwner,
  id: string,
): Promise<Draft | undefined> =>
  rowOf<Draft>(db('draft').first(COLUMNS).where({ id, ente_id: enteId, operator_id: operatorId }))

/** The drafts of a person that are not over, the newest first. */
export const openDrafts = (db: Knex, { enteId, operatorId }: DraftOwner): Promise<Draft[]> =>
  rowsOf<Draft>(
    db('draft')
      .select(COLUMNS)
      .where({ ente_id: enteId, operator_id: operatorId })
      .whereIn('state', ['converting', 'waiting'])
      .orderBy('id', 'desc')
      .limit(20),
  )

/** Ends a conversion. False when it had ended before, or its operator gave the draft up. Safe to repeat. */
export async function endConversion(
  db: Knex,
  id: string,
  {
    format,
    rows,
    rowsUnread,
    sheetRows,
  }: { format: FlowFormat; rows: number; rowsUnread: number; sheetRows: SheetNumbers },
): Promise<boolean> {
  const ended = await db('draft')
    .where({ id, state: 'converting' })
    .update({
      state: 'waiting',
      format,
      rows,
      rows_unread: rowsUnread,
      sheet_rows: JSON.stringify(sheetRows),
    })
  return ended > 0
}

export async function refuseDraft(db: Knex, id: string, problem: SheetProblem): Promise<void> {
  await db('draft')
    .where({ id, state: 'converting' })
    .update({ state: 'refused', problem: JSON.stringify(problem), ended_at: db.fn.now() })
}

/** Gives a draft up. False when it is over already. */
export async function discardDraft(db: Knex, id: string, by: Actor): Promise<boolean> {
  return db.transaction(async (trx) => {
    const discarded = await trx('draft')
      .where({ id })
      .whereIn('state', ['converting', 'waiting'])
      .update({ state: 'discarded', ended_at: trx.fn.now() })
    if (discarded > 0)
      await noteEvent(trx, { entity: 'draft', entityId: id, kind: 'discarded', data: signedBy(by) })
    return discarded > 0
  })
}

/** Locks a draft until the commit, so that it becomes one flow only. Call it inside a transaction. */
export const lockDraft = (trx: Knex, id: string): Promise<Draft | undefined> =>
  rowOf<Draft>(trx('draft').first(COLUMNS).where({ id }).forNoKeyUpdate())

/** Records that the draft is a flow now. The row of the flow must be there. */
export async function recordTaken(trx: Knex, id: string, flowId: string): Promise<void> {
  await trx('draft').where({ id }).update({ state: 'taken', flow_id: flowId, ended_at: trx.fn.now() })
}

/** Ends the drafts that nobody confirmed in time, at most 50, and returns their ids. */
export async function expireDrafts(db: Knex): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `update draft set state = 'expired', ended_at = now()
     where id = any (array(select id from draft where state = 'waiting' and expires_at < now() limit 50))
     returning id`,
  )
  return rows.map(({ id }) => id)
}

export interface OverdueDraft {
  draftId: string
  enteId: string
  enteName: string
}

/** Conversions whose process is gone, at most 50. Each is returned again only after two minutes. */
export async function overdueDrafts(db: Knex): Promise<OverdueDraft[]> {
  const { rows } = await db.raw<{ rows: OverdueDraft[] }>(
    `update draft set next_check_at = ?
     where id = any (array(select id from draft where state = 'converting' and next_check_at < now() order by next_check_at limit 50))
     returning id as "draftId", ente_id as "enteId", (select name from ente where ente.id = draft.ente_id) as "enteName"`,
    [soon(db)],
  )
  return rows
}

/** The drafts among these ids whose files are still needed. */
export async function draftsWithFiles(db: Knex, ids: readonly string[]): Promise<Set<string>> {
  return new Set(
    await valuesOf(
      db('draft')
        .whereIn('id', [...ids])
        .whereIn('state', ['converting', 'waiting'])
        .pluck('id'),
    ),
  )
}
