import type { Knex } from 'knex'
import type { BulkKind } from '../../domain/bulk/acts.ts'
import { OPEN_BULK_STATES, type BulkState } from '../../domain/states.ts'
import { GRANTED_DUE_TYPES, type EnteReader } from '../ente/due-type-access.ts'
import { soon } from '../flow/flow.ts'
import { noteEvent, signedBy, type Actor } from '../journal/event.ts'
import { rowOf, rowsOf } from '../ground/rows.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'
import { FROM_DAY, UP_TO_DAY } from '../ground/rome.ts'

/** An act on many dues, with its progress. */
export interface BulkAct {
  id: string
  number: number
  enteId: string
  operatorId: string
  operatorName: string
  kind: BulkKind
  state: BulkState
  /** Why, in the words of who asked; null when nobody was asked. */
  why: string | null
  rows: number
  /** The sum of the dues that were to be done when it was confirmed, and of those that are done. */
  cents: number
  centsDone: number
  rowsDone: number
  rowsLeft: number
  errorCode: string | null
  /** Bytes of its file; null when it has none. */
  zipBytes: number | null
  fileRemovedAt: string | null
  stoppedByName: string | null
  endedAt: string | null
  createdAt: string
}

const COLUMNS: Record<keyof BulkAct, string> = {
  id: 'b.id',
  number: 'b.number',
  enteId: 'b.ente_id',
  operatorId: 'b.operator_id',
  operatorName: 'o.name',
  kind: 'b.kind',
  state: 'b.state',
  why: 'b.why',
  rows: 'b.rows',
  cents: 'b.cents',
  centsDone: 'b.cents_done',
  rowsDone: 'b.rows_done',
  rowsLeft: 'b.rows_left',
  errorCode: 'b.error_code',
  zipBytes: 'b.zip_bytes',
  fileRemovedAt: 'b.file_removed_at',
  stoppedByName: 's.name',
  endedAt: 'b.ended_at',
  createdAt: 'b.created_at',
}

const acts = (db: Knex) =>
  db('bulk_act as b')
    .join('operator as o', 'o.id', 'b.operator_id')
    .leftJoin('operator as s', 's.id', 'b.stopped_by')
    .select(COLUMNS)

export const findAct = (db: Knex, id: string): Promise<BulkAct | undefined> =>
  rowOf<BulkAct>(acts(db).where('b.id', id).first())

/**
 * Narrows a query to the acts that a reader may see: as in the search of dues, whoever may use all types of its dues sees an act, also one
 * that somebody else asked for.
 */
function onlySeen(query: Knex.QueryBuilder, { enteId, operatorId, isAdmin }: EnteReader): void {
  void query.where('b.ente_id', enteId)
  if (!isAdmin) void query.whereRaw(`b.due_types <@ ${GRANTED_DUE_TYPES}`, [enteId, operatorId])
}

/** An act that the reader may see; undefined when there is none or he may not. */
export async function findReadableAct(
  db: Knex,
  reader: EnteReader,
  id: string,
): Promise<BulkAct | undefined> {
  const query = acts(db).where('b.id', id).first()
  onlySeen(query, reader)
  return rowOf<BulkAct>(query)
}

/** Who asked for an act and why. */
export type ActSignature = Pick<BulkAct, 'number' | 'operatorName' | 'why'>

/** The same of the act of this ente with this number. */
export const signatureOf = (db: Knex, enteId: string, number: number): Promise<ActSignature | undefined> =>
  rowOf<ActSignature>(acts(db).where({ 'b.ente_id': enteId, 'b.number': number }).first())

/** The ids of those of these acts that a reader may see, by number. */
export async function readableActs(
  db: Knex,
  reader: EnteReader,
  numbers: readonly number[],
): Promise<Map<number, string>> {
  if (numbers.length === 0) return new Map()
  const query = acts(db).whereIn('b.number', [...numbers])
  onlySeen(query, reader)
  return new Map((await rowsOf<BulkAct>(query)).map(({ number, id }) => [number, id]))
}

export interface ActFilter {
  kind: BulkKind | undefined
  /** Words of the name of who asked. */
  operator: string | undefined
  /** Days in Rome on which it was asked for, both included. */
  from: string | undefined
  to: string | undefined
}

/** One page of the acts that the reader may see, the newest first. */
export async function listActs(
  db: Knex,
  reader: EnteReader,
  { kind, operator, from, to }: ActFilter,
  turn: Turn<string>,
): Promise<BulkAct[]> {
  const { order, beyond } = reading(turn, 'desc')
  const query = acts(db).orderBy('b.id', order).limit(turn.limit)
  onlySeen(query, reader)
  if (kind !== undefined) void query.where('b.kind', kind)
  if (operator !== undefined) void query.whereRaw('name_words(?) <@ name_words(o.name)', [operator])
  if (from !== undefined) void query.whereRaw(`b.created_at ${FROM_DAY}`, [from])
  if (to !== undefined) void query.whereRaw(`b.created_at ${UP_TO_DAY}`, [to])
  if (turn.place !== undefined) void query.where('b.id', beyond, turn.place)
  return inOrder(turn, await rowsOf<BulkAct>(query))
}

/** Locks an act until the commit and returns its state, so that its chunks, its end and "Ferma" come one after the other. */
export async function lockAct(trx: Knex, id: string): Promise<BulkState | undefined> {
  const row = await rowOf<{ state: BulkState }>(trx('bulk_act').first('state').where({ id }).forNoKeyUpdate())
  return row?.state
}

const move = (trx: Knex, id: string, to: BulkState, changes: Record<string, unknown> = {}) =>
  trx('bulk_act')
    .where({ id })
    .update({ state: to, ...changes })

/** Marks an act as running. A repeated call, or one for an act that is stopped or over, changes nothing. */
export const beginAct = async (db: Knex, id: string): Promise<void> => {
  await db('bulk_act')
    .where({ id, state: 'queued' })
    .update({ state: 'running', next_check_at: soon(db) })
}

/** Tells the sweep that the process is alive while it writes a file. */
export const noteAlive = async (db: Knex, id: string): Promise<void> => {
  await db('bulk_act')
    .where({ id })
    .update({ next_check_at: soon(db) })
}

/** Stops an act: the chunk under way either commits before or not at all. An act that is over stays as it is. */
export async function stopAct(db: Knex, id: string, by: Actor): Promise<void> {
  await db.transaction(async (trx) => {
    const state = await lockAct(trx, id)
    if (state !== 'queued' && state !== 'running') return
    await move(trx, id, 'stopping', { stopped_by: by.id, next_check_at: soon(trx) })
    await noteEvent(trx, { entity: 'bulk_act', entityId: id, kind: 'stopped_by', data: signedBy(by) })
  })
}

/** Ends an act whose dues had their turn, or that was stopped. @param zipBytes size of its file, or null */
export async function endAct(db: Knex, id: string, zipBytes: number | null): Promise<void> {
  await db.transaction(async (trx) => {
    const state = await lockAct(trx, id)
    const end = { zip_bytes: zipBytes, ended_at: trx.fn.now() }
    if (state === 'running') await move(trx, id, 'done', end)
    if (state === 'stopping') await move(trx, id, 'stopped', end)
  })
}

/** Ends an act with the code of an error that no retry can mend. */
export async function failAct(db: Knex, id: string, code: string): Promise<void> {
  await db('bulk_act')
    .where({ id })
    .whereIn('state', OPEN_BULK_STATES)
    .update({ state: 'failed', error_code: code, ended_at: db.fn.now() })
}

/** Takes at most 50 acts that ended more than `days` days ago and still have a file, and returns their ids, so that it is removed. */
export async function takeOutdatedActs(db: Knex, days: number): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `update bulk_act set file_removed_at = now()
     where id = any (array(select id from bulk_act where zip_bytes is not null and file_removed_at is null
       and ended_at < now() - ? * interval '1 day' limit 50))
     returning id`,
    [days],
  )
  return rows.map(({ id }) => id)
}
