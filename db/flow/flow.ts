import type { Knex } from 'knex'
import type { FlowFormat } from '../../domain/flow/columns.ts'
import type { FlowFindings } from '../../domain/flow/findings.ts'
import type { FlowRequest } from '../../domain/flow/request.ts'
import type { SheetNumbers } from '../../domain/flow/sheet/numbers.ts'
import type { FlowSettings, FlowDueType } from '../../domain/flow/values.ts'
import type { FlowState } from '../../domain/states.ts'
import { onlyReadable, type EnteReader } from '../ente/due-type-access.ts'
import { constraintOf } from '../ground/errors.ts'
import { lockName } from '../ground/lock-name.ts'
import { rowOf, valuesOf } from '../ground/rows.ts'
import { TODAY } from '../ground/rome.ts'

/** How a file came: the documented archive, its CSV alone, or a spreadsheet from which the CSV was made. */
export type FlowSource = 'zip' | 'csv' | 'sheet'

/** A file of dues, with the progress of its loading and the counts of its rows. */
export interface Flow {
  id: string
  enteId: string
  baseName: string
  iuf: string
  format: FlowFormat
  state: FlowState
  version: number
  /** Only checked: nothing of it is ever written to the dues. */
  isCheck: boolean
  /** The check whose kept file this one loads. */
  checkId: string | null
  /** The file whose rejected rows this one brings back. */
  correctsId: string | null
  operatorId: string | null
  wantsNotices: boolean
  source: FlowSource
  originalName: string | null
  zipBytes: number
  csvBytes: number
  header: string
  nextByte: number
  chunks: number
  rowsRead: number
  rowsLoaded: number
  rowsChanged: number
  rowsCancelled: number
  rowsUnchanged: number
  rowsRejected: number
  /** Null before the first row is decided, and for a file of an older version. */
  findings: FlowFindings | null
  noticesWanted: number
  noticesPrinted: number
  noticesAfter: string
  errorCode: string | null
  errorDetails: string[]
  duesCancelled: number
  duesKeptPaid: number
  duesKeptPaying: number
  /** Who cancelled it, and why. */
  cancelledBy: string | null
  cancelWhy: string | null
  loadingSince: string | null
  loadingMs: number
  endedAt: string | null
  createdAt: string
}

const COLUMNS: Record<keyof Flow, string> = {
  id: 'id',
  enteId: 'ente_id',
  baseName: 'base_name',
  iuf: 'iuf',
  format: 'format',
  state: 'state',
  version: 'version',
  isCheck: 'is_check',
  checkId: 'check_id',
  correctsId: 'corrects_id',
  operatorId: 'operator_id',
  wantsNotices: 'wants_notices',
  source: 'source',
  originalName: 'original_name',
  zipBytes: 'zip_bytes',
  csvBytes: 'csv_bytes',
  header: 'header',
  nextByte: 'next_byte',
  chunks: 'chunks',
  rowsRead: 'rows_read',
  rowsLoaded: 'rows_loaded',
  rowsChanged: 'rows_changed',
  rowsCancelled: 'rows_cancelled',
  rowsUnchanged: 'rows_unchanged',
  rowsRejected: 'rows_rejected',
  findings: 'findings',
  noticesWanted: 'notices_wanted',
  noticesPrinted: 'notices_printed',
  noticesAfter: 'notices_after',
  errorCode: 'error_code',
  errorDetails: 'error_details',
  duesCancelled: 'dues_cancelled',
  duesKeptPaid: 'dues_kept_paid',
  duesKeptPaying: 'dues_kept_paying',
  cancelledBy: 'cancelled_by',
  cancelWhy: 'cancel_why',
  loadingSince: 'loading_since',
  loadingMs: 'loading_ms',
  endedAt: 'ended_at',
  createdAt: 'created_at',
}

export const findFlow = (db: Knex, flowId: string): Promise<Flow | undefined> =>
  rowOf<Flow>(db('flow').first(COLUMNS).where({ id: flowId }))

/** A file that the reader may see; undefined when there is none or he may not. */
export async function findReadableFlow(
  db: Knex,
  reader: EnteReader,
  flowId: string,
): Promise<Flow | undefined> {
  const query = db('flow').first(COLUMNS).where({ id: flowId })
  onlyReadable(query, reader, { enteId: 'ente_id', operatorId: 'operator_id', dueTypes: 'due_types' })
  return rowOf<Flow>(query)
}

/** The file that the software of this ente sent with this request token. */
export const findFlowByToken = (
  db: Knex,
  { enteId, requestToken }: { enteId: string; requestToken: string },
): Promise<Flow | undefined> =>
  rowOf<Flow>(db('flow').first(COLUMNS).where({ ente_id: enteId, request_token: requestToken }))

/** Where the rows of a file are in its sheet; null for a file that came from none, or from one that an older version converted. */
export async function sheetNumbers(db: Knex, flowId: string): Promise<SheetNumbers | null> {
  const row = await rowOf<{ numbers: SheetNumbers | null }>(
    db('flow').first({ numbers: 'sheet_rows' }).where({ id: flowId }),
  )
  return row?.numbers ?? null
}

/** Locks the file until the commit, so that nothing pauses, stops or loads it meanwhile. Call it inside a transaction. */
export const lockFlow = (trx: Knex, flowId: string): Promise<Flow | undefined> =>
  rowOf<Flow>(trx('flow').first(COLUMNS).where({ id: flowId }).forNoKeyUpdate())

export interface NewFlow {
  id: string
  enteId: string
  baseName: string
  iuf: string
  format: FlowFormat
  operatorId: string | null
  requestToken: string | null
  /** Only checked, and never loaded. */
  isCheck?: boolean
  /** Id of the file whose rejected rows this one brings back. */
  correctsId?: string | null
  sha256: Buffer
  zipBytes: number
  csvBytes: number
  wantsNotices: boolean
  /** 'zip' when it is not given. */
  source?: FlowSource
  /** The name of a file that had not the documented one. */
  originalName?: string | null
  /** Where its rows are in the sheet from which it was made. */
  sheetRows?: SheetNumbers | null
  header: string
  /** Byte offset in the CSV at which the first row begins. */
  firstByte: number
}

/** What another file of the ente has in common with this one, so that this one is refused: the IUF, the bytes or the request token. */
export type FlowTwin = 'iuf' | 'bytes' | 'token'

const TWINS: Record<string, FlowTwin> = {
  flow_iuf: 'iuf',
  flow_sha256: 'bytes',
  flow_request_token_key: 'token',
}

/**
 * Stores a file. Returns undefined, or what it has in common with a stored file; then nothing is stored. Unique indexes decide, so that
 * of two equal uploads at the same time only one is stored.
 */
export async function insertFlow(db: Knex, flow: NewFlow): Promise<FlowTwin | undefined> {
  try {
    await db('flow').insert({
      id: flow.id,
      ente_id: flow.enteId,
      base_name: flow.baseName,
      iuf: flow.iuf,
      format: flow.format,
      operator_id: flow.operatorId,
      request_token: flow.requestToken,
      is_check: flow.isCheck ?? false,
      corrects_id: flow.correctsId ?? null,
      sha256: flow.sha256,
      zip_bytes: flow.zipBytes,
      csv_bytes: flow.csvBytes,
      wants_notices: flow.wantsNotices,
      source: flow.source ?? 'zip',
      original_name: flow.originalName ?? null,
      sheet_rows: flow.sheetRows ? JSON.stringify(flow.sheetRows) : null,
      header: flow.header,
      next_byte: flow.firstByte,
    })
    return undefined
  } catch (error) {
    return twinOf(error)
  }
}

/** The unique index that refused a file says what it has in common with another. @throws any other error again */
function twinOf(error: unknown): FlowTwin {
  const twin = TWINS[constraintOf(error) ?? '']
  if (twin) return twin
  throw error
}

/**
 * Stores a file whose bytes are those of a check, which stays as it is. Returns undefined, or what the file has in common with a stored
 * one; then nothing is stored.
 */
export async function insertFromCheck(
  db: Knex,
  checkId: string,
  { id, operatorId }: { id: string; operatorId: string },
): Promise<FlowTwin | undefined> {
  try {
    await db.raw(
      `insert into flow (id, ente_id, base_name, iuf, format, operator_id, check_id, corrects_id, sha256, zip_bytes, csv_bytes,
         wants_notices, source, original_name, sheet_rows, header, next_byte)
       select ?, ente_id, base_name, iuf, format, ?, id, corrects_id, sha256, zip_bytes, csv_bytes, wants_notices, source, original_name, sheet_rows,
         header, coalesce((select from_byte from flow_chunk where flow_id = flow.id and seq = 0), next_byte)
       from flow where id = ? and state = 'checked'`,
      [id, operatorId, checkId],
    )
    return undefined
  } catch (error) {
    return twinOf(error)
  }
}

/** Checks a name before the bytes of the file are read, to refuse early. The final check is in `insertFlow`. */
export async function isIufTaken(db: Knex, enteId: string, iuf: string): Promise<boolean> {
  const row: unknown = await db('flow')
    .first('id')
    .where({ ente_id: enteId, is_check: false })
    .whereRaw('upper(iuf) = upper(?)', [iuf])
    .whereNotIn('state', ['refused', 'cancelled'])
  return row !== undefined
}

/** The first of these IUFs that no file of the ente has; undefined when all are taken. */
export async function firstFreeIuf(
  db: Knex,
  enteId: string,
  iufs: readonly string[],
): Promise<string | undefined> {
  const taken = await valuesOf<string>(
    db('flow')
      .where({ ente_id: enteId, is_check: false })
      .whereRaw('upper(iuf) = any (?)', [iufs.map((iuf) => iuf.toUpperCase())])
      .whereNotIn('state', ['refused', 'cancelled'])
      .pluck('iuf'),
  )
  return iufs.find((iuf) => !taken.some((other) => other.toUpperCase() === iuf.toUpperCase()))
}

/** True when these bytes are loaded already. Asked where no index refuses them, or where that is to be said before anything else. */
export async function isContentTaken(db: Knex, enteId: string, sha256: Buffer): Promise<boolean> {
  const row: unknown = await db('flow')
    .first('id')
    .where({ ente_id: enteId, sha256, is_check: false })
    .whereNotIn('state', ['refused', 'cancelled'])
  return row !== undefined
}

/** The file that was loaded from these bytes; undefined when there is none or the reader may not see it. */
export async function flowWithContent(
  db: Knex,
  reader: EnteReader,
  sha256: Buffer,
): Promise<Pick<Flow, 'id' | 'baseName' | 'source' | 'createdAt'> | undefined> {
  const { id, baseName, source, createdAt } = COLUMNS
  const query = db('flow')
    .first({ id, baseName, source, createdAt })
    .where({ sha256, is_check: false })
    .whereNotIn('state', ['refused', 'cancelled'])
  onlyReadable(query, reader, { enteId: 'ente_id', operatorId: 'operator_id', dueTypes: 'due_types' })
  return rowOf(query)
}

/**
 * Lets a queued file begin to load if no other file of its ente is loading and none is older. Files that are only checked have a turn of
 * their own, so that neither waits for the other.
 * `loading`: it begins now, or began before, so that repeating the call is harmless. `waiting`: it is not its turn yet, or it is
 * paused. `over`: it is in a state in which nothing is left to load.
 */
export async function claimTurn(db: Knex, flowId: string): Promise<'loading' | 'waiting' | 'over'> {
  return db.transaction(async (trx) => {
    const flow = await lockFlow(trx, flowId)
    if (flow?.state === 'loading' || flow?.state === 'writing') return 'loading'
    if (flow?.state === 'paused') return 'waiting'
    if (flow?.state !== 'queued') return 'over'
    // The lock makes files of an ente decide one after the other. A unique index would refuse a second loading file anyway, as an error.
    await lockName(trx, `flow-turn:${flow.enteId}:${flow.isCheck ? 'check' : 'load'}`)
    const { rows } = await trx.raw<{ rows: unknown[] }>(
      `select from flow where ente_id = ? and is_check = ?
         and (state in ('loading', 'writing') or (state = 'queued' and id < ?)) limit 1`,
      [flow.enteId, flow.isCheck, flowId],
    )
    if (rows.length > 0) {
      await trx('flow')
        .where({ id: flowId })
        .update({ next_check_at: soon(trx) })
      return 'waiting'
    }
    await trx('flow').where({ id: flowId }).update({ state: 'loading', loading_since: trx.fn.now() })
    return 'loading'
  })
}

/** Id of the oldest file of the ente that waits for the turn of this one. */
export async function nextInTurn(
  db: Knex,
  { enteId, isCheck }: Pick<Flow, 'enteId' | 'isCheck'>,
): Promise<string | undefined> {
  const query = db('flow')
    .first('id')
    .where({ ente_id: enteId, is_check: isCheck, state: 'queued' })
    .orderBy('id')
  const row = await rowOf<{ id: string }>(query)
  return row?.id
}

/** How many files of the ente are loading, or are queued before this one. */
export async function filesBefore(db: Knex, flow: Flow): Promise<number> {
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `select count(*) as count from flow
     where ente_id = ? and is_check = ? and (state in ('loading', 'writing') or (state = 'queued' and id < ?))`,
    [flow.enteId, flow.isCheck, flow.id],
  )
  return rows[0]!.count
}

/** The states in which an operator may request something of a file, and the state that follows. */
const FLOW_REQUESTS: Record<FlowRequest, { from: readonly FlowState[]; to: FlowState }> = {
  pause: { from: ['loading', 'writing'], to: 'paused' },
  resume: { from: ['paused'], to: 'queued' },
}

/**
 * Pauses or resumes a file and returns its state afterwards, or undefined when there is no such file. A request that does not fit the
 * state changes nothing. Safe to repeat.
 */
export async function requestOfFlow(
  db: Knex,
  flowId: string,
  request: FlowRequest,
): Promise<FlowState | undefined> {
  return db.transaction(async (trx) => {
    const flow = await lockFlow(trx, flowId)
    if (!flow) return undefined
    const { from, to } = FLOW_REQUESTS[request]
    // A check is short and holds up nothing, so it is not paused.
    if (flow.isCheck || !from.includes(flow.state)) return flow.state
    await trx('flow')
      .where({ id: flowId })
      .update({ state: to, loading_since: null, loading_ms: spentLoading(trx), next_check_at: soon(trx) })
    return to
  })
}

/** SQL: the milliseconds of loading so far, with the time since `loading_since` added. */
export const spentLoading = (trx: Knex) =>
  trx.raw(`loading_ms + coalesce((extract(epoch from clock_timestamp() - loading_since) * 1000)::bigint, 0)`)

/** SQL: the instant after which the sweep takes the process of a file or an export for dead. */
export const soon = (trx: Knex) => trx.raw(`now() + interval '2 minutes'`)

/** Refuses the whole file with an error code of files of dues (docs/file-formats.md) and its details. */
export async function refuseFlow(
  db: Knex,
  flowId: string,
  { code, details }: { code: string; details: readonly string[] },
): Promise<void> {
  await db('flow')
    .where({ id: flowId })
    .whereIn('state', ['queued', 'loading', 'writing'])
    .update({
      state: 'refused',
      error_code: code,
      error_details: JSON.stringify(details),
      ended_at: db.fn.now(),
      loading_since: null,
      loading_ms: spentLoading(db),
    })
}

/** Reads what the rows of a file of this ente are checked against. */
export async function flowSettings(db: Knex, { enteId }: Pick<Flow, 'enteId'>): Promise<FlowSettings> {
  const [{ rows: enti }, { rows: dueTypes }, taxonomy] = await Promise.all([
    db.raw<{ rows: Omit<FlowSettings, 'dueTypes' | 'taxonomy'>[] }>(
      `select cod_ipa as "codIpa", codice_fiscale as domain, name as "enteName", iban,
         coalesce(application_code, segregation_code) as "applicationCode",
         array(select application_code where application_code is not null union select segregation_code
           union select change ->> 'from' from event, jsonb_array_elements(data -> 'changes') as change
           where entity_id = ente.id and kind = 'configured' and change ->> 'from' is not null
             and change ->> 'column' in ('application_code', 'segregation_code')) as codes,
         coalesce((select jsonb_object_agg(c.segregation_code, c.last_value) from iuv_counter c
           where c.domain = codice_fiscale and c.generator = 'iuv17'), '{}') as "lastDrawn",
         coalesce((select jsonb_agg(jsonb_build_object('code', r.segregation_code, 'first', r.first_value,
             'last', r.last_value)) from iuv_range r
           where r.domain = codice_fiscale and r.generator = 'iuv17'), '[]') as "usedRanges",
         ${TODAY} as today
       from ente where id = ?`,
      [enteId],
    ),
    db.raw<{ rows: FlowDueType[] }>(
      `select t.id, t.code, t.due_on_binding as "dueOnBinding", t.print_due_on as "printDueOn",
         t.anonymous_payer as "anonymousPayer", t.mail_notice as "mailsNotice", coalesce(t.iban_accredito, e.iban) as iban
       from ente_due_type t join ente e on e.id = t.ente_id
       where t.ente_id = ? and t.active`,
      [enteId],
    ),
    valuesOf(db('taxonomy').pluck('code')),
  ])
  return {
    ...enti[0]!,
    dueTypes: new Map(dueTypes.map((dueType) => [dueType.code, dueType])),
    taxonomy: new Set(taxonomy),
  }
}
