import type { Knex } from 'knex'
import type { ExportFormat } from '../../domain/export/columns.ts'
import type { ExportKind } from '../../domain/export/kind.ts'
import { OPEN_EXPORT_STATES, type ExportState } from '../../domain/states.ts'
import { soon } from '../flow/flow.ts'
import { onlyReadable, type EnteReader } from '../ente/due-type-access.ts'
import { insertedId, rowOf, rowsOf, valuesOf } from '../ground/rows.ts'
import { filterList, type ListFilter } from '../flow/list-filter.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'

/** An export that an operator or the software of an ente ordered. */
export interface Export {
  id: string
  number: number
  enteId: string
  operatorId: string | null
  kind: ExportKind
  state: ExportState
  format: ExportFormat | null
  withReceipt: boolean
  fromOn: string | null
  toOn: string | null
  dueOn: string | null
  dueTypes: string[]
  asSecondary: boolean
  rows: number | null
  /** Progress while the file is written: how many rows it will have (null when unknown), and how many it has. */
  rowsTotal: number | null
  rowsWritten: number
  skipped: number
  csvBytes: number | null
  zipBytes: number | null
  baseName: string | null
  errorCode: string | null
  endedAt: string | null
  createdAt: string
}

const COLUMNS: Record<keyof Export, string> = {
  id: 'id',
  number: 'number',
  enteId: 'ente_id',
  operatorId: 'operator_id',
  kind: 'kind',
  state: 'state',
  format: 'format',
  withReceipt: 'with_receipt',
  fromOn: 'from_on',
  toOn: 'to_on',
  dueOn: 'due_on',
  dueTypes: 'due_types',
  asSecondary: 'as_secondary',
  rows: 'rows',
  rowsTotal: 'rows_total',
  rowsWritten: 'rows_written',
  skipped: 'skipped',
  csvBytes: 'csv_bytes',
  zipBytes: 'zip_bytes',
  baseName: 'base_name',
  errorCode: 'error_code',
  endedAt: 'ended_at',
  createdAt: 'created_at',
}

export type NewExport = Pick<Export, 'enteId' | 'operatorId' | 'dueTypes'> &
  (
    | {
        kind: 'paid'
        format: ExportFormat
        withReceipt: boolean
        fromOn: string
        toOn: string
        asSecondary: boolean
      }
    | { kind: 'expired'; dueOn: string }
  )

/** Stores a queued export and returns its id. */
export async function bookExport(db: Knex, given: NewExport): Promise<string> {
  const paid =
    given.kind === 'paid'
      ? {
          format: given.format,
          with_receipt: given.withReceipt,
          from_on: given.fromOn,
          to_on: given.toOn,
          as_secondary: given.asSecondary,
        }
      : { due_on: given.dueOn }
  return insertedId(
    db('export')
      .insert({
        ente_id: given.enteId,
        operator_id: given.operatorId,
        kind: given.kind,
        due_types: given.dueTypes,
        ...paid,
      })
      .returning('id'),
  )
}

export const findExport = (db: Knex, id: string): Promise<Export | undefined> =>
  rowOf<Export>(db('export').first(COLUMNS).where({ id }))

/**
 * The columns that decide who may see an export. `held_due_types` are the types in its file; until the file exists, the types that were
 * ordered count.
 */
/** The columns by which `onlyReadable` narrows exports `x`. */
export const READABLE_EXPORT = {
  enteId: 'x.ente_id',
  operatorId: 'x.operator_id',
  dueTypes: 'coalesce(x.held_due_types, x.due_types)',
}

/** An export that the reader may see; undefined when there is none or he may not. */
export async function findReadableExport(
  db: Knex,
  reader: EnteReader,
  id: string,
): Promise<Export | undefined> {
  const query = db('export as x').first(COLUMNS).where({ id })
  onlyReadable(query, reader, READABLE_EXPORT)
  return rowOf<Export>(query)
}

/** One page of the exports that the reader may see, the newest first. */
export async function listExports(
  db: Knex,
  reader: EnteReader,
  filter: ListFilter,
  turn: Turn<string>,
): Promise<(Export & { operatorName: string | null })[]> {
  const { order, beyond } = reading(turn, 'desc')
  const query = db('export as x')
    .leftJoin('operator as o', 'o.id', 'x.operator_id')
    .select({
      ...Object.fromEntries(Object.entries(COLUMNS).map(([name, column]) => [name, `x.${column}`])),
      operatorName: 'o.name',
    })
    .orderBy('x.id', order)
    .limit(turn.limit)
  onlyReadable(query, reader, READABLE_EXPORT)
  filterList(query, { name: 'x.base_name', at: 'x.created_at' }, filter)
  if (turn.place !== undefined) void query.where('x.id', beyond, turn.place)
  return inOrder(turn, await rowsOf<Export & { operatorName: string | null }>(query))
}

/** Marks an export as running, also when a process died while it ran. False when the export has ended. */
export async function beginExport(db: Knex, id: string): Promise<boolean> {
  const moved = await db('export')
    .where({ id })
    .whereIn('state', OPEN_EXPORT_STATES)
    .update({ state: 'running', next_check_at: soon(db) })
  return moved > 0
}

/** Stores the progress. It never decreases: a process that takes over after a death writes the file anew, and the page must not go back. */
export async function recordWritten(
  db: Knex,
  id: string,
  { written, total }: { written: number; total: number | null },
): Promise<void> {
  await db('export')
    .where({ id, state: 'running' })
    .update({
      rows_written: db.raw('greatest(rows_written, ?)', [written]),
      rows_total: total,
      next_check_at: soon(db),
    })
}

/** How many rows the COPY of another connection has written so far; 0 when it runs none. `pid` is its backend. */
export async function copiedRows(db: Knex, pid: number): Promise<number> {
  const { rows } = await db.raw<{ rows: { done: number }[] }>(
    'select tuples_processed::int as done from pg_stat_progress_copy where pid = ?',
    [pid],
  )
  return rows[0]?.done ?? 0
}

export interface WrittenExport {
  rows: number
  skipped: number
  csvBytes: number
  zipBytes: number
  sha256: Buffer
  baseName: string
  /** Codes of the types of its rows. An operator who may not use all of them does not see the file. */
  dueTypes: readonly string[]
}

/** Makes an export ready for download and stores the mail about it. Called when its file is complete and has its final name. */
export async function endExport(
  db: Knex,
  id: string,
  written: WrittenExport,
  mailHost: string,
): Promise<void> {
  await db.transaction(async (trx) => {
    const ended = await trx('export')
      .where({ id, state: 'running' })
      .update({
        state: 'ready',
        rows: written.rows,
        skipped: written.skipped,
        csv_bytes: written.csvBytes,
        zip_bytes: written.zipBytes,
        sha256: written.sha256,
        base_name: written.baseName,
        search: null,
        held_due_types: [...written.dueTypes],
        ended_at: trx.fn.now(),
      })
    if (ended > 0) await insertReadyMail(trx, id, mailHost)
  })
}

/** Ends an export with an error code and stores the mail about it. */
export async function failExport(db: Knex, id: string, code: string, mailHost: string): Promise<void> {
  await db.transaction(async (trx) => {
    const failed = await trx('export')
      .where({ id })
      .whereIn('state', OPEN_EXPORT_STATES)
      .update({ state: 'failed', error_code: code, search: null, ended_at: trx.fn.now() })
    if (failed > 0) await insertReadyMail(trx, id, mailHost)
  })
}

/** Stores the mail to the operator who ordered the export. Software gets none, because it polls. */
async function insertReadyMail(trx: Knex, id: string, mailHost: string): Promise<void> {
  await trx.raw(
    `insert into email (kind, export_id, address, message_id)
     select 'export', x.id, a.address, 'export-' || x.id || '-' || x.version || '@' || ?
     from export x, operator_address(x.operator_id, x.ente_id) as a (address)
     where x.id = ? and a.address is not null
     on conflict (message_id) do nothing`,
    [mailHost, id],
  )
}

/** Ids of the mails about an export that are not sent yet. */
export const exportMails = (db: Knex, id: string): Promise<string[]> =>
  valuesOf(db('email').where({ export_id: id, state: 'pending' }).pluck('id'))

/** Marks at most 50 exports that ended more than `days` days ago as deleted, and returns their ids, so that their files are removed. */
export async function takeOutdated(db: Knex, days: number): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `update export set state = 'deleted'
     where id = any (array(select id from export where state = 'ready' and ended_at < now() - ? * interval '1 day' limit 50))
     returning id`,
    [days],
  )
  return rows.map(({ id }) => id)
}

/** Removes the statement timeout of this transaction. Returns its backend pid, for `copiedRows`, and the codIpa for the file name. */
export async function beginLongRead(
  trx: Knex,
  { enteId }: Pick<Export, 'enteId'>,
): Promise<{ pid: number; codIpa: string }> {
  await trx.raw('set local statement_timeout = 0')
  const { rows } = await trx.raw<{ rows: { pid: number; codIpa: string }[] }>(
    `select pg_backend_pid() as pid, cod_ipa as "codIpa" from ente where id = ?`,
    [enteId],
  )
  return rows[0]!
}
