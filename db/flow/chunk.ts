import type { Knex } from 'knex'
import { seenDue, type KnownDue, type KnownDues } from '../../domain/flow/decide.ts'
import type { FlowDue, FlowSettings } from '../../domain/flow/values.ts'
import { copyRows, type CopyValue } from '../ground/copy.ts'
import { noteEvent, signedBy, type Actor } from '../journal/event.ts'
import { lockFlow, soon, type Flow } from './flow.ts'
import { grantedTipi } from '../ente/granted.ts'
import { uuidv7 } from '../ground/uuid.ts'

/**
 * Whoever writes dues whose IUD or IUV somebody gave holds this until the commit: two of them would check first and collide after.
 * Citizens' dues bring numbers of ours only and need it not.
 */
export async function lockGivenNumbers(trx: Knex, enteId: string): Promise<void> {
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`given-numbers:${enteId}`])
}

/** Whose dues are written, and by what: a file, or an operator. */
export interface DueOrigin {
  enteId: string
  flowId: string | null
  /** Who sent the file or typed the due; null: software of the ente. */
  operatorId: string | null
  /** The operator who typed it. */
  by?: Actor | undefined
}

export const originOf = ({ enteId, id: flowId, operatorId }: Flow): DueOrigin => ({
  enteId,
  flowId,
  operatorId,
})

/** The flow when the chunk that begins there is still to be done and may be; `undefined`: somebody did it, paused or stopped. */
export async function lockChunk(
  trx: Knex,
  flowId: string,
  chunk: { seq: number; fromByte: number },
): Promise<Flow | undefined> {
  const flow = await lockFlow(trx, flowId)
  const isNext = flow?.state === 'loading' && flow.chunks === chunk.seq && flow.nextByte === chunk.fromByte
  return isNext ? flow : undefined
}

/** A row that changes or cancels what is there. */
export interface ExistingKey {
  iud: string
  iuv: string | undefined
  /** Of its values; null when whatever is there goes. */
  contentHash: string | null
}

export interface RowKeys {
  iuds: readonly string[]
  existing: readonly ExistingKey[]
  /** That new dues bring. */
  iuvs: readonly string[]
}

/**
 * What the tables know of the rows of a chunk; `locked` are the dues that rows change, and nobody else may meanwhile. What the sender
 * may use is asked with each chunk: a grant may be taken away while the file loads.
 */
export async function knownDues(
  trx: Knex,
  { enteId, flowId, operatorId }: DueOrigin,
  keys: RowKeys,
): Promise<KnownDues & { locked: ReadonlySet<string> }> {
  const granted = await grantedTipi(trx, { enteId, operatorId })
  const seen = await readDues(trx, enteId, keys.iuds)
  const locked = differing(keys.existing, { byIud: seen, granted })
  await lockDues(trx, locked)
  // A statement that waits for a lock tells what was there before the wait.
  const byIud = locked.length === 0 ? seen : await readDues(trx, enteId, keys.iuds)
  const done = await trx.raw<{ rows: { iud: string }[] }>(
    `select iud from due where flow_id = ? and iud = any (?)
     union all select iud from flow_unchanged where flow_id = ? and iud = any (?)`,
    [flowId, [...keys.iuds], flowId, [...keys.iuds]],
  )
  return {
    byIud,
    iuvs: await takenIuvs(trx, enteId, [...keys.iuvs, ...broughtIuvs(keys.existing, byIud)]),
    doneInFlow: new Set(done.rows.map(({ iud }) => iud)),
    granted,
    locked: new Set(locked),
  }
}

async function readDues(trx: Knex, enteId: string, iuds: readonly string[]): Promise<KnownDues['byIud']> {
  const { rows } = await trx.raw<{ rows: (KnownDue & { iud: string })[] }>(
    `select d.id, d.iud, d.iuv, d.state, t.code as "tipoCode", encode(d.content_hash, 'hex') as "contentHash",
       exists (select from due_share s join attempt_item i on i.share_id = s.id
         where s.due_id = d.id and s.position = 2 and d.tries > 0) as "hasUsedSecondary"
     from due d join ente_due_type t on t.id = d.ente_due_type_id
     where d.ente_id = ? and d.iud = any (?) and d.state <> 'cancelled'`,
    [enteId, [...iuds]],
  )
  return new Map(rows.map((row) => [row.iud, { ...row, iuv: row.iuv ?? undefined }]))
}

/**
 * Dues whose rows say something else than they hold. Those that a row leaves as they are, or may not name, stay free, and unwritten:
 * a lock of a row is a write.
 */
const differing = (existing: readonly ExistingKey[], known: Pick<KnownDues, 'byIud' | 'granted'>): string[] =>
  existing.flatMap(({ iud, iuv, contentHash }) => {
    const due = seenDue(known, iud)
    if (!due) return []
    const isEqual =
      contentHash !== null && due.contentHash === contentHash && (due.iuv !== undefined || iuv === undefined)
    return isEqual ? [] : [due.id]
  })

async function lockDues(trx: Knex, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await trx.raw('select from due where id = any (?::uuid[]) order by id for no key update', [[...ids]])
}

/** A due that has a number keeps it: only those without one get the row's. */
const broughtIuvs = (existing: readonly ExistingKey[], byIud: KnownDues['byIud']): string[] =>
  existing.flatMap(({ iud, iuv }) => (iuv !== undefined && byIud.get(iud)?.iuv === undefined ? [iuv] : []))

async function takenIuvs(trx: Knex, enteId: string, iuvs: readonly string[]): Promise<Set<string>> {
  if (iuvs.length === 0) return new Set()
  const { rows } = await trx.raw<{ rows: { iuv: string }[] }>(
    `select iuv from due where ente_id = ? and iuv = any (?) and state <> 'cancelled'`,
    [enteId, [...iuvs]],
  )
  return new Set(rows.map(({ iuv }) => iuv))
}

export interface DueRow {
  row: number
  due: FlowDue
  /** As it is after the row; numbered by us where the row asked for it. */
  iuv: string | undefined
  contentHash: string
}

export interface ChunkChanges {
  inserts: DueRow[]
  changes: (DueRow & { dueId: string })[]
  /** Dues that a new one replaces. */
  replacements: (DueRow & { dueId: string })[]
  cancels: { dueId: string; row: number }[]
  unchanged: { iud: string }[]
  rejects: { row: number; code: string; text: string; raw: Buffer }[]
}

export interface ChunkRange {
  seq: number
  fromByte: number
  toByte: number
  firstRow: number
  rows: number
  /** Of those loaded, how many notices are to be printed. */
  notices: number
  /** Name of the file with its loaded rows. */
  part: string | undefined
  /** Codes of the types of the dues that its loaded rows named. */
  tipi: readonly string[]
}

/** Writes all that a chunk does, sets of rows at a time, and moves the flow past it. In one transaction with `lockChunk`. */
export async function applyChunk(
  trx: Knex.Transaction,
  {
    flow,
    settings,
    changes,
    range,
  }: { flow: Flow; settings: FlowSettings; changes: ChunkChanges; range: ChunkRange },
): Promise<void> {
  // What gives an IUD or IUV back comes before what takes it.
  await cancelDues(trx, flow, [...changes.cancels, ...changes.replacements])
  await changeDues(trx, originOf(flow), settings, changes.changes)
  await insertDues(trx, originOf(flow), settings, [...changes.inserts, ...changes.replacements])
  if (changes.unchanged.length > 0)
    await copyRows(
      trx,
      { table: 'flow_unchanged', columns: ['flow_id', 'iud'] },
      changes.unchanged.map(({ iud }) => [flow.id, iud]),
    )
  if (changes.rejects.length > 0)
    await copyRows(
      trx,
      { table: 'flow_reject', columns: ['flow_id', 'row', 'code', 'text', 'raw'] },
      changes.rejects.map(({ row, code, text, raw }) => [flow.id, row, code, text, raw]),
    )
  await recordChunk(trx, flow, changes, range)
}

const DUE_COLUMNS = [
  'id',
  'ente_id',
  'ente_due_type_id',
  'iud',
  'iuv',
  'importo_cents',
  'causale',
  'pagatore_codice',
  'pagatore',
  'due_on',
  'bilancio',
  'flow_id',
  'flow_row',
  'tipo_versamento',
  'commissione_cents',
  'generates_iuv',
  'content_hash',
] as const

const SHARE_COLUMNS = [
  'due_id',
  'position',
  'domain',
  'ente_id',
  'ente_name',
  'iban',
  'importo_cents',
  'dati_specifici_riscossione',
  'causale',
  'address',
] as const

export async function insertDues(
  trx: Knex.Transaction,
  origin: DueOrigin,
  settings: FlowSettings,
  rows: readonly DueRow[],
): Promise<void> {
  if (rows.length === 0) return
  const ids = rows.map(() => uuidv7())
  await copyRows(
    trx,
    { table: 'due', columns: DUE_COLUMNS },
    rows.map(({ row, due, iuv, contentHash }, at): CopyValue[] => [
      ids[at],
      origin.enteId,
      due.tipo.id,
      due.iud,
      iuv,
      totalOf(due),
      due.causale,
      due.pagatore.codice,
      JSON.stringify(due.pagatore),
      due.dueOn,
      due.bilancio,
      origin.flowId,
      origin.flowId === null ? null : row,
      due.tipoVersamento,
      due.commissione,
      due.generatesIuv,
      Buffer.from(contentHash, 'hex'),
    ]),
  )
  await copyRows(
    trx,
    { table: 'due_share', columns: SHARE_COLUMNS },
    rows.flatMap(({ due }, at) => shareRows(ids[at]!, origin, settings, due)),
  )
}

/** The payer pays both shares together. */
const totalOf = (due: FlowDue): number => due.importo + (due.secondary?.importo ?? 0)

function shareRows(
  dueId: string,
  { enteId }: DueOrigin,
  settings: FlowSettings,
  due: FlowDue,
): CopyValue[][] {
  const { tipo, importo, datiSpecifici, causale, secondary } = due
  const primary: CopyValue[] = [
    dueId,
    1,
    settings.domain,
    enteId,
    settings.enteName,
    tipo.iban,
    importo,
    datiSpecifici,
    causale,
    null,
  ]
  if (!secondary) return [primary]
  return [
    primary,
    [
      dueId,
      2,
      secondary.domain,
      null,
      secondary.name,
      secondary.iban,
      secondary.importo,
      secondary.datiSpecifici,
      secondary.causale ?? causale,
      JSON.stringify(secondary.address),
    ],
  ]
}

async function cancelDues(trx: Knex, flow: Flow, rows: ChunkChanges['cancels']): Promise<void> {
  if (rows.length === 0) return
  await trx.raw(
    `update due d set state = 'cancelled', cancelled_reason = 'row', flow_id = ?, flow_row = r.row
     from unnest(?::uuid[], ?::int[]) as r (id, row) where d.id = r.id`,
    [flow.id, rows.map(({ dueId }) => dueId), rows.map(({ row }) => row)],
  )
}

/** In place, with a note of what changed and no word of whom it is about. */
export async function changeDues(
  trx: Knex,
  origin: DueOrigin,
  settings: FlowSettings,
  rows: ChunkChanges['changes'],
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

/** Shares that a payment document names never leave: such dues are replaced. */
async function changeShares(
  trx: Knex,
  origin: DueOrigin,
  settings: FlowSettings,
  rows: ChunkChanges['changes'],
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

async function recordChunk(trx: Knex, flow: Flow, changes: ChunkChanges, range: ChunkRange): Promise<void> {
  const { seq, fromByte, toByte, firstRow, rows, notices, part, tipi } = range
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
      due_types: trx.raw('array(select distinct unnest(due_types || ?::text[]) order by 1)', [[...tipi]]),
      rows_read: trx.raw('rows_read + ?', [rows]),
      notices_wanted: trx.raw('notices_wanted + ?', [notices]),
      next_byte: toByte,
      chunks: seq + 1,
      next_check_at: soon(trx),
    })
}
