import type { Knex } from 'knex'
import type { FlowFindings } from '../../domain/flow/findings.ts'
import type { Reason } from '../../domain/flow/reason.ts'
import type { FlowSettings } from '../../domain/flow/values.ts'
import { cancelDues, changeDues, type ChangedDue } from '../due/change-dues.ts'
import { insertDues, type DueRow } from '../due/insert-dues.ts'
import type { DueOrigin } from '../due/known-dues.ts'
import { copyRows } from '../ground/copy.ts'
import { noteEvent } from '../journal/event.ts'
import { lockFlow, soon, type Flow } from './flow.ts'

export const originOf = ({ enteId, id: flowId, operatorId }: Flow): DueOrigin => ({
  enteId,
  flowId,
  operatorId,
})

/**
 * Locks the flow and returns it only if this chunk is the next to load. Undefined when another worker loaded it, or the flow was paused or
 * stopped.
 */
export async function lockChunk(
  trx: Knex,
  flowId: string,
  chunk: { seq: number; fromByte: number },
): Promise<Flow | undefined> {
  const flow = await lockFlow(trx, flowId)
  const isNext = flow?.state === 'loading' && flow.chunks === chunk.seq && flow.nextByte === chunk.fromByte
  return isNext ? flow : undefined
}

/** A row that no due shows to the rows that follow: its due stays as it is, or it is a row of a check. */
export interface NamedRow {
  iud: string
  /** The number that a row of a check would give to a due. */
  iuv?: string | undefined
  /** Id of the due that a row of a check would cancel. */
  cancels?: string
  /** Of a row of a check that would make a due: its number, and the hash of what makes dues alike. */
  row?: number
  twin?: Buffer | undefined
}

export interface ChunkChanges {
  inserts: DueRow[]
  changes: ChangedDue[]
  /** Dues that a new one replaces. */
  replacements: ChangedDue[]
  cancels: { dueId: string; row: number }[]
  unchanged: NamedRow[]
  rejects: { row: number; reasons: readonly Reason[]; raw: Buffer }[]
}

export interface ChunkRange {
  seq: number
  fromByte: number
  toByte: number
  firstRow: number
  rows: number
  /** How many notices are to be printed for its loaded rows. */
  notices: number
  /** Name of the file with its loaded rows. */
  part: string | undefined
  /** Codes of the types of the dues that its loaded rows named. */
  dueTypes: readonly string[]
  /** What is known of the rows up to here. */
  findings: FlowFindings
}

/** Writes everything that a chunk does, in sets of rows, and moves the flow past it, in the transaction of `lockChunk`. */
export async function applyChunk(
  trx: Knex.Transaction,
  {
    flow,
    settings,
    changes,
    range,
  }: { flow: Flow; settings: FlowSettings; changes: ChunkChanges; range: ChunkRange },
): Promise<void> {
  // Cancellations come first, because they free the IUDs and IUVs that new dues take.
  await cancelDues(trx, flow.id, [...changes.cancels, ...changes.replacements])
  await changeDues(trx, originOf(flow), settings, changes.changes)
  await insertDues(trx, originOf(flow), settings, changes.inserts)
  await insertDues(trx, originOf(flow), settings, changes.replacements, { isReborn: true })
  await keepRows(trx, flow, changes.unchanged, changes.rejects)
  await recordChunk(trx, flow, changes, range)
}

/**
 * Counts what a chunk of a check would do and moves the flow past it, in the transaction of `lockChunk`. The dues stay as they are; `named`
 * shows the rows that would have changed them to the rows of the next chunks.
 */
export async function recordCheck(
  trx: Knex.Transaction,
  {
    flow,
    changes,
    named,
    range,
  }: { flow: Flow; changes: ChunkChanges; named: readonly NamedRow[]; range: ChunkRange },
): Promise<void> {
  await keepRows(trx, flow, named, changes.rejects)
  await recordChunk(trx, flow, changes, range)
}

async function keepRows(
  trx: Knex.Transaction,
  flow: Flow,
  named: readonly NamedRow[],
  rejects: ChunkChanges['rejects'],
): Promise<void> {
  if (named.length > 0)
    await copyRows(
      trx,
      { table: 'flow_unchanged', columns: ['flow_id', 'iud', 'iuv', 'cancels', 'row', 'twin'] },
      named.map(({ iud, iuv = null, cancels = null, row, twin }) => [flow.id, iud, iuv, cancels, row, twin]),
    )
  if (rejects.length > 0)
    await copyRows(
      trx,
      { table: 'flow_reject', columns: ['flow_id', 'row', 'reasons', 'raw'] },
      rejects.map(({ row, reasons, raw }) => [flow.id, row, JSON.stringify(reasons), raw]),
    )
}

async function recordChunk(trx: Knex, flow: Flow, changes: ChunkChanges, range: ChunkRange): Promise<void> {
  const { seq, fromByte, toByte, firstRow, rows, notices, part, dueTypes, findings } = range
  const counts = {
    rows_loaded: changes.inserts.length,
    rows_changed: changes.changes.length + changes.replacements.length,
    rows_cancelled: changes.cancels.length,
    rows_unchanged: changes.unchanged.length,
    rows_rejected: changes.rejects.length,
  }
  await trx('flow_chunk').insert({
    flow_id: flow.id,
    seq,
    from_byte: fromByte,
    to_byte: toByte,
    first_row: firstRow,
    rows,
    rejected: changes.rejects.length,
    part: part ?? null,
  })
  await noteEvent(trx, {
    entity: 'flow',
    entityId: flow.id,
    kind: 'chunk',
    data: { seq, firstRow, rows, ...counts },
  })
  const added = Object.fromEntries(
    Object.entries(counts).map(([column, count]) => [column, trx.raw('?? + ?', [column, count])]),
  )
  await trx('flow')
    .where({ id: flow.id })
    .update({
      ...added,
      findings: JSON.stringify(findings),
      due_types: trx.raw('array(select distinct unnest(due_types || ?::text[]) order by 1)', [[...dueTypes]]),
      rows_read: trx.raw('rows_read + ?', [rows]),
      notices_wanted: trx.raw('notices_wanted + ?', [notices]),
      next_byte: toByte,
      chunks: seq + 1,
      next_check_at: soon(trx),
    })
}
