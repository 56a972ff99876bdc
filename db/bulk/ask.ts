import type { Knex } from 'knex'
import {
  BULK_ACTS,
  hasGrown,
  type BulkKind,
  type FoundNow,
  type LeftReason,
  type Seen,
} from '../../domain/bulk/acts.ts'
import type { DueReader } from '../due/dues.ts'
import { foundBy, type DueFilter } from '../due/search.ts'
import { noteEvent, signedBy, type Actor } from '../journal/event.ts'
import { constraintOf } from '../ground/errors.ts'
import { rowOf } from '../ground/rows.ts'
import { uuidv7 } from '../ground/uuid.ts'
import { WHY_LEFT } from './why-left.ts'

/** What an act would do with a selection. */
export interface Preview extends FoundNow {
  /** The dues that would stay as they are, by reason. */
  left: { reason: LeftReason; count: number; cents: number }[]
  /** All dues of the selection; one more than an act may have when there are more, and then nothing else is exact. */
  rows: number
  dueTypes: string[]
  /** Instant of the database at which this was read. */
  at: string
}

/** The act that somebody asks for, and the dues that it is for. */
export interface Selection {
  kind: BulkKind
  filter: DueFilter
}

/** Counts what an act would do. @param seenAt an instant: dues made after it count as newer */
export async function previewAct(
  db: Knex,
  reader: DueReader,
  { kind, filter }: Selection,
  seenAt: string | undefined,
): Promise<Preview> {
  const { sql, bindings } = foundBy(filter, reader)
  // The order is that of the index of the tab (see `sumDues`).
  const { rows } = await db.raw<{ rows: Group[] }>(
    `select reason, count(*)::int as count, sum(cents)::bigint as cents, count(*) filter (where is_newer)::int as newer,
       array_agg(distinct code) as codes, ${INSTANT} as at
     from (select ${WHY_LEFT[kind]} as reason, d.importo_cents as cents, d.created_at > ?::timestamptz as is_newer, t.code
       from due d join ente_due_type t on t.id = d.ente_due_type_id where ${sql} order by d.id desc limit ?) found
     group by reason order by count(*) desc, reason`,
    [seenAt ?? 'infinity', ...bindings, BULK_ACTS[kind].most + 1],
  )
  const todo = rows.find(({ reason }) => reason === null)
  return {
    count: todo?.count ?? 0,
    cents: todo?.cents ?? 0,
    newer: todo?.newer ?? 0,
    left: rows.flatMap(({ reason, count, cents }) => (reason === null ? [] : [{ reason, count, cents }])),
    rows: rows.reduce((sum, { count }) => sum + count, 0),
    dueTypes: [...new Set(rows.flatMap(({ codes }) => codes))].sort(),
    at: rows[0]?.at ?? new Date(0).toISOString(),
  }
}

/** SQL: this moment as ISO text, to the microsecond: an instant cut to milliseconds would lie before dues that were made within it. */
const INSTANT = `to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

interface Group {
  reason: LeftReason | null
  count: number
  cents: number
  newer: number
  codes: string[]
  at: string
}

export interface AskedAct extends Selection {
  by: Actor
  /** Why, in the words of who asks. */
  why: string | null
  nonce: string
  seen: Seen & { at: string }
}

/** `asked`: the act is stored. `changed`: nothing is stored, because the selection holds more than was seen, too much, or nothing to do. */
export type Asked = { kind: 'asked'; id: string } | { kind: 'changed'; preview: Preview }

/**
 * Stores an act with its dues, as they are at this moment; from here on the search plays no part. What is counted, compared and written is
 * one snapshot. Dues that stay are written with their reason at once: one that becomes payable later was not among those that were
 * confirmed. The same nonce of the same person is the same act.
 */
export async function askAct(db: Knex, reader: DueReader, asked: AskedAct): Promise<Asked> {
  const known = (): Promise<string | undefined> => actOf(db, asked.by.id, asked.nonce)
  const answer = await storeAct(db, reader, asked).catch(async (error: unknown): Promise<Asked> => {
    // The same click came twice, and the database refused the second act.
    const id = constraintOf(error) === ONE_CLICK ? await known() : undefined
    if (id === undefined) throw error
    return { kind: 'asked', id }
  })
  if (answer.kind === 'asked') return answer
  // A late second click finds nothing to do any more, because the first one has done it.
  const id = await known()
  return id === undefined ? answer : { kind: 'asked', id }
}

const storeAct = (db: Knex, reader: DueReader, asked: AskedAct): Promise<Asked> =>
  db.transaction(
    async (trx): Promise<Asked> => {
      const { kind, seen } = asked
      const preview = await previewAct(trx, reader, asked, seen.at)
      if (preview.count === 0 || preview.rows > BULK_ACTS[kind].most || hasGrown(seen, preview))
        return { kind: 'changed', preview }
      return { kind: 'asked', id: await insertAct(trx, reader, asked, preview) }
    },
    { isolationLevel: 'repeatable read' },
  )

const ONE_CLICK = 'bulk_act_operator_id_nonce_key'

async function actOf(db: Knex, operatorId: string, nonce: string): Promise<string | undefined> {
  const row = await rowOf<{ id: string }>(
    db('bulk_act').first('id').where({ operator_id: operatorId, nonce }),
  )
  return row?.id
}

async function insertAct(
  trx: Knex,
  reader: DueReader,
  { kind, filter, by, why, nonce }: AskedAct,
  { rows, count, cents, dueTypes }: Preview,
): Promise<string> {
  const id = uuidv7()
  await trx('bulk_act').insert({
    id,
    ente_id: reader.enteId,
    operator_id: by.id,
    kind,
    nonce,
    why,
    due_types: dueTypes,
    rows,
    cents,
    rows_left: rows - count,
  })
  const { sql, bindings } = foundBy(filter, reader)
  await trx.raw(
    `insert into bulk_act_row (act_id, due_id, outcome, reason)
     select ?, found.id, case when reason is not null then 'left' end, reason
     from (select d.id, ${WHY_LEFT[kind]} as reason from due d join ente_due_type t on t.id = d.ente_due_type_id where ${sql}) found
     order by found.id`,
    [id, ...bindings],
  )
  await noteEvent(trx, {
    entity: 'bulk_act',
    entityId: id,
    kind: 'asked',
    data: { ...signedBy(by), act: kind, rows, todo: count, cents },
  })
  return id
}
