import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import type { Knex } from 'knex'
import { twinOf } from '../../db/due/alike-dues.ts'
import { drawIuvs } from '../../db/due/counter.ts'
import { FILE_MODE, flowFiles, type FileStore } from '../../services/file-store.ts'
import {
  applyChunk,
  lockChunk,
  originOf,
  recordCheck,
  type ChunkChanges,
  type ChunkRange,
  type NamedRow,
} from '../../db/flow/write-chunk.ts'
import { knownDues, lockGivenNumbers, type ExistingKey, type RowKeys } from '../../db/due/known-dues.ts'
import type { Flow } from '../../db/flow/flow.ts'
import { decideRow, learn, type Decision, type KnownDues } from '../../domain/flow/decide.ts'
import type { FirstRow, Reason } from '../../domain/flow/reason.ts'
import { isSameDebt } from '../../domain/flow/same-debt.ts'
import { AppError } from '../../domain/errors.ts'
import type { FlowSettings } from '../../domain/flow/values.ts'
import { outcomeLine } from '../../domain/wire/flow-outcome.ts'
import { checkLines, type CheckedRow } from './validate-rows.ts'
import { findingsAfter } from './find.ts'
import { ownColumns } from './own-columns.ts'
import { withSheetFaults } from './sheet-faults.ts'
import { readChunk, type ReadLimits } from './read-chunk.ts'

/** A part of the file after the checks that need no tables. */
export interface PreparedChunk {
  fromByte: number
  toByte: number
  isLast: boolean
  rows: CheckedRow[]
}

/** Reads and checks the chunk that begins at `fromByte`. */
export async function prepareChunk(
  files: FileStore,
  flow: Flow,
  settings: FlowSettings,
  { fromByte, limits }: { fromByte: number; limits: ReadLimits },
): Promise<PreparedChunk> {
  const { lines, toByte, isLast } = await readChunk(files.path(flowFiles(flow.id).csv), fromByte, limits)
  const own = lines.map(ownColumns(flow)).map(withSheetFaults(flow))
  return { fromByte, toByte, isLast, rows: await checkLines(flow.format, settings, own) }
}

type Ready = Extract<CheckedRow, { kind: 'ready' }>
interface Loaded {
  row: number
  checked: Ready
  decision: Exclude<Decision, { kind: 'reject' }>
}

/**
 * Loads a chunk, or only checks it, in one transaction that holds the lock of the flow, so that a second worker finds the chunk done and
 * does nothing. A check takes the same decisions from the same facts. It locks nothing of the ente, so that nobody waits for it.
 * False when another worker loaded it, or the flow was paused or stopped.
 * @throws AppError CHUNK_RACED when a due changed between two statements; the next try sees the change
 */
export async function loadChunk(
  { db, files }: { db: Knex; files: FileStore },
  {
    flowId,
    seq,
    firstRow,
    settings,
    chunk,
  }: {
    flowId: string
    seq: number
    firstRow: number
    settings: FlowSettings
    chunk: PreparedChunk
  },
): Promise<boolean> {
  return db.transaction(async (trx) => {
    const flow = await lockChunk(trx, flowId, { seq, fromByte: chunk.fromByte })
    if (!flow) return false
    if (!flow.isCheck) await lockGivenNumbers(trx, flow.enteId)
    const known = await knownDues(trx, originOf(flow), keysOf(chunk.rows), flow)
    const { loaded, changes } = decideAll(chunk.rows, known, settings, firstRow)
    const findings = await findingsAfter(trx, flow, loaded, settings)
    const range = rangeOf(chunk, { seq, firstRow, loaded, findings })
    if (flow.isCheck) {
      fill(changes, loaded, new Map())
      await recordCheck(trx, { flow, changes, named: loaded.map(asNamed), range })
      return true
    }
    // A due that the rows change and that is not locked became known between two statements.
    if (!touched(loaded).every((id) => known.locked.has(id)))
      throw new AppError('CHUNK_RACED', { flowId, seq })
    const iuvs = await numberNew(trx, settings, loaded)
    const part = await writePart(files, flow, seq, loaded, iuvs)
    fill(changes, loaded, iuvs)
    await applyChunk(trx, {
      flow,
      settings,
      changes,
      range: { ...range, notices: flow.wantsNotices ? noticesOf(loaded) : 0, part },
    })
    return true
  })
}

const rangeOf = (
  { fromByte, toByte, rows }: PreparedChunk,
  {
    seq,
    firstRow,
    loaded,
    findings,
  }: Pick<ChunkRange, 'seq' | 'firstRow' | 'findings'> & {
    loaded: readonly Loaded[]
  },
): ChunkRange => ({
  seq,
  fromByte,
  toByte,
  firstRow,
  rows: rows.length,
  notices: 0,
  part: undefined,
  dueTypes: dueTypesOf(loaded),
  findings,
})

/** A row of a check for the rows of later chunks: `learn` does the same for the rows of its own chunk. */
const asNamed = ({ row, checked: { due }, decision }: Loaded): NamedRow =>
  decision.kind === 'cancel'
    ? { iud: due.iud, cancels: decision.dueId }
    : {
        iud: due.iud,
        iuv: decision.kind === 'unchanged' ? undefined : due.iuv,
        row,
        twin: decision.kind === 'insert' ? twinOf(due) : undefined,
      }

function keysOf(rows: readonly CheckedRow[]): RowKeys {
  const iuds: string[] = []
  const existing: ExistingKey[] = []
  const iuvs: string[] = []
  for (const row of rows) {
    if (row.kind === 'refused' && row.iud.length <= 35) iuds.push(row.iud)
    if (row.kind !== 'ready') continue
    iuds.push(row.due.iud)
    const { iud, iuv } = row.due
    if (row.action !== 'I')
      existing.push({ iud, iuv, contentHash: row.action === 'M' ? row.contentHash : null })
    else if (iuv !== undefined) iuvs.push(iuv)
  }
  return { iuds, existing, iuvs }
}

/** Ids of the existing dues that these rows change, replace or cancel. */
const touched = (loaded: readonly Loaded[]): string[] =>
  loaded.flatMap(({ decision }) => ('dueId' in decision ? [decision.dueId] : []))

/** Decides the rows in the order of the file, each by what the tables and the earlier rows left. `learn` adds a row to `known`. */
function decideAll(
  rows: readonly CheckedRow[],
  known: KnownDues,
  { codIpa, today }: FlowSettings,
  firstRow: number,
): { loaded: Loaded[]; changes: ChunkChanges } {
  const loaded: Loaded[] = []
  const byIud = new Map<string, Loaded>()
  const changes: ChunkChanges = {
    inserts: [],
    changes: [],
    replacements: [],
    cancels: [],
    unchanged: [],
    rejects: [],
  }
  rows.forEach((checked, at) => {
    const row = firstRow + at
    const reject = (reasons: readonly Reason[]) =>
      changes.rejects.push({ row, reasons, raw: checked.line.raw() })
    if (checked.kind === 'rejected') return reject(checked.reasons)
    const iud = checked.kind === 'ready' ? checked.due.iud : checked.iud
    if (known.doneInFlow.has(iud))
      return reject([{ kind: 'state', error: 'iudTwiceInFlow', ...firstOf(byIud.get(iud), checked) }])
    if (checked.kind === 'refused') return reject(checked.reasons)
    const given = { ...checked, codIpa, today }
    const decision = decideRow(given, known)
    learn(known, given, decision)
    if (decision.kind === 'reject') return reject([decision.reason])
    const one = { row, checked, decision }
    byIud.set(iud, one)
    return loaded.push(one)
  })
  return { loaded, changes }
}

/** The row of this chunk that had the IUD first, for the person who must choose between the two. */
function firstOf(first: Loaded | undefined, again: CheckedRow): { first?: FirstRow } {
  if (!first) return {}
  const { importo } = first.checked.due
  const isSame = again.kind === 'ready' && isSameDebt(first.checked.due, again.due)
  return { first: { row: first.row, cents: importo, isSame } }
}

const asksForIuv = ({ checked: { due }, decision }: Loaded): boolean =>
  decision.kind === 'insert' && due.generatesIuv && due.iuv === undefined

/** Draws IUVs for the rows that want one and returns them by row number. Only loaded rows count, in the order of the file. */
async function numberNew(
  trx: Knex,
  { domain, applicationCode }: FlowSettings,
  loaded: readonly Loaded[],
): Promise<Map<number, string>> {
  const asking = loaded.filter(asksForIuv)
  if (asking.length === 0) return new Map()
  const iuvs = await drawIuvs(trx, { domain, segregationCode: applicationCode }, asking.length)
  return new Map(asking.map(({ row }, at) => [row, iuvs[at]!]))
}

function iuvOf({ row, checked, decision }: Loaded, iuvs: ReadonlyMap<number, string>): string | undefined {
  return decision.kind === 'insert' ? (iuvs.get(row) ?? checked.due.iuv) : decision.iuv
}

function fill(changes: ChunkChanges, loaded: readonly Loaded[], iuvs: ReadonlyMap<number, string>): void {
  for (const one of loaded) {
    const { row, checked, decision } = one
    const { due, contentHash } = checked
    const given = { row, due, contentHash, iuv: iuvOf(one, iuvs) }
    switch (decision.kind) {
      case 'insert':
        changes.inserts.push(given)
        break
      case 'change':
        changes.changes.push({ ...given, dueId: decision.dueId })
        break
      case 'replace':
        changes.replacements.push({ ...given, dueId: decision.dueId })
        break
      case 'cancel':
        changes.cancels.push({ dueId: decision.dueId, row })
        break
      case 'unchanged':
        changes.unchanged.push({ iud: due.iud })
    }
  }
}

/**
 * Writes the lines of this chunk for the `_IUV` file into a file of their own and returns its name; undefined when no row was loaded. The
 * commit stores the name, so that the file of a transaction that did not commit is never read.
 */
async function writePart(
  files: FileStore,
  flow: Flow,
  seq: number,
  loaded: readonly Loaded[],
  iuvs: ReadonlyMap<number, string>,
): Promise<string | undefined> {
  if (loaded.length === 0) return undefined
  const name = `${seq}-${randomUUID()}.csv`
  const path = await files.prepare(flowFiles(flow.id).loadedPart(name))
  const text = loaded
    .map((one) => `${outcomeLine(flow.format, one.checked.fields, one.checked.due, iuvOf(one, iuvs))}\n`)
    .join('')
  const part = await open(path, 'w', FILE_MODE)
  try {
    await part.writeFile(text)
    await part.datasync()
  } catch (error) {
    // Each try writes a file with another name, so on a full disk they would accumulate.
    await rm(path, { force: true })
    throw error
  } finally {
    await part.close()
  }
  return name
}

/** The types of the dues. A row that cancels a due may name another type than the due has, so the type of the due counts. */
const dueTypesOf = (loaded: readonly Loaded[]): string[] => [
  ...new Set(
    loaded.map(({ checked, decision }) =>
      decision.kind === 'cancel' ? decision.dueTypeCode : checked.due.dueType.code,
    ),
  ),
]

const noticesOf = (loaded: readonly Loaded[]): number =>
  loaded.filter(({ checked, decision }) => checked.due.generatesIuv && decision.kind !== 'cancel').length
