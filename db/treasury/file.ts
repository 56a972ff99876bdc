import type { Knex } from 'knex'
import type { TreasuryFileState } from '../../domain/states.ts'
import type { Source } from '../../domain/treasury/movement.ts'
import type { CsvAnswers, TreasuryProblem } from '../../domain/treasury/problem.ts'
import { soon } from '../flow/flow.ts'
import { isTaken } from '../ground/errors.ts'
import { rowOf, rowsOf, valuesOf } from '../ground/rows.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'
import { noteEvent, signedBy, type Actor } from '../journal/event.ts'

/** The statement of a bank, as it was sent. */
export interface TreasuryFile {
  id: string
  enteId: string
  /** Of the ente, whose statement it must be. */
  codiceFiscale: string
  operatorId: string
  operatorName: string
  /** Null until the content has said it. */
  kind: Source | null
  isChosen: boolean
  state: TreasuryFileState
  fileName: string
  bytes: number
  /** Movements that it has, and those among them that no file had before. */
  movements: number
  news: number
  faults: number
  problem: TreasuryProblem | null
  /** What a person has said of how its columns are written. */
  answers: CsvAnswers
  createdAt: string
  withdrawnAt: string | null
  withdrawnByName: string | null
}

const COLUMNS: Record<keyof TreasuryFile, string> = {
  id: 'f.id',
  enteId: 'f.ente_id',
  codiceFiscale: 'e.codice_fiscale',
  operatorId: 'f.operator_id',
  operatorName: 'o.name',
  kind: 'f.kind',
  isChosen: 'f.is_chosen',
  state: 'f.state',
  fileName: 'f.file_name',
  bytes: 'f.bytes',
  movements: 'f.movements',
  news: 'f.news',
  faults: 'f.faults',
  problem: 'f.problem',
  answers: 'f.answers',
  createdAt: 'f.created_at',
  withdrawnAt: 'f.withdrawn_at',
  withdrawnByName: 'w.name',
}

const files = (db: Knex) =>
  db('treasury_file as f')
    .join('operator as o', 'o.id', 'f.operator_id')
    .join('ente as e', 'e.id', 'f.ente_id')
    .leftJoin('operator as w', 'w.id', 'f.withdrawn_by')

export interface NewTreasuryFile {
  id: string
  enteId: string
  operatorId: string
  /** Undefined where the content says it. */
  kind: Source | undefined
  fileName: string
  bytes: number
  sha256: Buffer
}

/** Stores a statement that is to be read. False when the same bytes are loaded or being read; then nothing is stored. */
export async function insertTreasuryFile(db: Knex, file: NewTreasuryFile): Promise<boolean> {
  try {
    await db('treasury_file').insert({
      id: file.id,
      ente_id: file.enteId,
      operator_id: file.operatorId,
      kind: file.kind ?? null,
      is_chosen: file.kind !== undefined,
      file_name: file.fileName,
      bytes: file.bytes,
      sha256: file.sha256,
    })
    return true
  } catch (error) {
    if (isTaken(error, 'treasury_file_bytes')) return false
    throw error
  }
}

/** The statement that has these bytes and counts, or is being read. */
export const fileWithBytes = (db: Knex, enteId: string, sha256: Buffer): Promise<TreasuryFile | undefined> =>
  rowOf<TreasuryFile>(
    files(db)
      .first(COLUMNS)
      .where({ 'f.ente_id': enteId, 'f.sha256': sha256 })
      .whereIn('f.state', ['reading', 'asking', 'loaded']),
  )

export const treasuryFile = (db: Knex, id: string): Promise<TreasuryFile | undefined> =>
  rowOf<TreasuryFile>(files(db).first(COLUMNS).where('f.id', id))

/** One page of the statements of an ente, the newest first. */
export async function listTreasuryFiles(
  db: Knex,
  enteId: string,
  turn: Turn<string>,
): Promise<TreasuryFile[]> {
  const { order, beyond } = reading(turn, 'desc')
  const query = files(db).select(COLUMNS).where('f.ente_id', enteId).orderBy('f.id', order).limit(turn.limit)
  if (turn.place !== undefined) void query.where('f.id', beyond, turn.place)
  return inOrder(turn, await rowsOf<TreasuryFile>(query))
}

/** Locks a statement that is being read until the commit; undefined when it is not any more. Call it inside a transaction. */
export const lockReading = (trx: Knex, id: string): Promise<{ enteId: string } | undefined> =>
  rowOf<{ enteId: string }>(
    trx('treasury_file').first({ enteId: 'ente_id' }).where({ id, state: 'reading' }).forNoKeyUpdate(),
  )

/** Refuses a statement, or asks something of its sender. False when its reading had ended. Safe to repeat. */
export async function endUnread(
  db: Knex,
  id: string,
  { kind, problem }: { kind: Source | null; problem: TreasuryProblem },
): Promise<boolean> {
  const isAsked = problem.kind === 'columns'
  const ended = await db('treasury_file')
    .where({ id, state: 'reading' })
    .update({
      state: isAsked ? 'asking' : 'refused',
      kind,
      problem: JSON.stringify(problem),
      ended_at: isAsked ? null : db.fn.now(),
    })
  return ended > 0
}

/** Reads a statement again after its columns were named. False when it did not ask. */
export async function readAgain(trx: Knex, id: string, answers: CsvAnswers): Promise<boolean> {
  const begun = await trx('treasury_file')
    .where({ id, state: 'asking' })
    .update({
      state: 'reading',
      problem: null,
      answers: JSON.stringify(answers),
      next_check_at: soon(trx),
    })
  return begun > 0
}

/** Takes a statement back. False when it was not loaded. The credits are to be counted again in the same transaction. */
export async function withdrawFile(trx: Knex, id: string, by: Actor): Promise<boolean> {
  const withdrawn = await trx('treasury_file')
    .where({ id })
    .whereIn('state', ['loaded', 'asking'])
    .update({
      state: 'withdrawn',
      withdrawn_at: trx.fn.now(),
      withdrawn_by: by.id,
      ended_at: trx.raw('coalesce(ended_at, now())'),
    })
  if (withdrawn === 0) return false
  await noteEvent(trx, { entity: 'treasury_file', entityId: id, kind: 'withdrawn', data: signedBy(by) })
  return true
}

export interface OverdueTreasury {
  fileId: string
  enteId: string
  enteName: string
}

/** Statements whose process is gone, at most 50. Each is returned again only after two minutes. */
export async function overdueTreasury(db: Knex): Promise<OverdueTreasury[]> {
  const { rows } = await db.raw<{ rows: OverdueTreasury[] }>(
    `update treasury_file set next_check_at = ?
     where id = any (array(select id from treasury_file where state = 'reading' and next_check_at < now() order by next_check_at limit 50))
     returning id as "fileId", ente_id as "enteId", (select name from ente where ente.id = treasury_file.ente_id) as "enteName"`,
    [soon(db)],
  )
  return rows
}

/** The statements among these ids whose files are kept. */
export async function knownTreasury(db: Knex, ids: readonly string[]): Promise<Set<string>> {
  return new Set(
    await valuesOf(
      db('treasury_file')
        .whereIn('id', [...ids])
        .whereNot('state', 'refused')
        .pluck('id'),
    ),
  )
}
