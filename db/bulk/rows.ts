import type { Knex } from 'knex'
import type { LeftReason } from '../../domain/bulk/acts.ts'
import type { BulkState } from '../../domain/states.ts'
import { COLUMNS, type DueRow } from '../due/dues.ts'
import { lockDues } from '../due/lock.ts'
import { mayUseDueType } from '../ente/due-type-access.ts'
import { soon } from '../flow/flow.ts'
import { valuesOf } from '../ground/rows.ts'
import { DUE_DOUBT } from '../payment/known.ts'
import { lockAct, type BulkAct } from './act.ts'
import { WHY_LEFT } from './why-left.ts'

/** The next dues of an act that have had no turn, in the order in which locks are taken. */
export const nextDues = (db: Knex, actId: string, limit: number): Promise<string[]> =>
  valuesOf(
    db('bulk_act_row')
      .where({ act_id: actId })
      .whereNull('outcome')
      .orderBy('due_id')
      .limit(limit)
      .pluck('due_id'),
  )

/**
 * Does an act to some dues inside the transaction that has locked them, and returns why it left any of them. It is given only dues whose
 * state and grant were just asked again.
 */
export type Perform = (
  trx: Knex,
  act: BulkAct,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, LeftReason>>

/**
 * Gives these dues their turn in one transaction: state and grant of each are asked again under its lock, the act is done to those that it
 * may be done to, and what became of each is written and counted. Safe to repeat, also by two workers at once: the act is locked first, and
 * dues that have had their turn are left alone. Returns false when the act is not running any more.
 */
export async function giveTurn(
  db: Knex,
  act: BulkAct,
  ids: readonly string[],
  perform: Perform,
): Promise<boolean> {
  return db.transaction(async (trx) => {
    if (!isMoving(await lockAct(trx, act.id))) return false
    const waiting = await valuesOf(
      trx('bulk_act_row')
        .where({ act_id: act.id })
        .whereNull('outcome')
        .whereIn('due_id', [...ids])
        .orderBy('due_id')
        .pluck('due_id'),
    )
    await lockDues(trx, waiting)
    const left = await reasonsNow(trx, act, waiting)
    const todo = waiting.filter((id) => !left.has(id))
    if (todo.length > 0) for (const [id, reason] of await perform(trx, act, todo)) left.set(id, reason)
    await record(trx, act.id, waiting, left)
    return true
  })
}

const isMoving = (state: BulkState | undefined): boolean => state === 'queued' || state === 'running'

/** Why each of these dues is left at this moment; those without an entry may be done. */
async function reasonsNow(
  trx: Knex,
  { kind, enteId, operatorId }: BulkAct,
  ids: readonly string[],
): Promise<Map<string, LeftReason>> {
  const { rows } = await trx.raw<{ rows: { id: string; reason: LeftReason }[] }>(
    `select * from (select d.id, case when not d.ente_due_type_id = any (array(select u.id from ente_due_type u
         where u.ente_id = ? and ${mayUseDueType('?', 'u.id')})) then 'grant' else ${WHY_LEFT[kind]} end as reason
       from due d join ente_due_type t on t.id = d.ente_due_type_id where d.id = any (?::uuid[])) now
     where reason is not null`,
    [enteId, operatorId, [...ids]],
  )
  return new Map(rows.map(({ id, reason }) => [id, reason]))
}

async function record(
  trx: Knex,
  actId: string,
  ids: readonly string[],
  left: ReadonlyMap<string, LeftReason>,
): Promise<void> {
  await trx.raw(
    `update bulk_act_row w set outcome = case when l.reason = '' then 'done' else 'left' end, reason = nullif(l.reason, '')
     from unnest(?::uuid[], ?::text[]) as l (id, reason) where w.act_id = ? and w.due_id = l.id`,
    [[...ids], ids.map((id) => left.get(id) ?? ''), actId],
  )
  await trx.raw(
    `update bulk_act set rows_done = rows_done + ?, rows_left = rows_left + ?, next_check_at = ?,
       cents_done = cents_done + (select coalesce(sum(importo_cents), 0) from due where id = any (?::uuid[]))
     where id = ?`,
    [ids.length - left.size, left.size, soon(trx), ids.filter((id) => !left.has(id)), actId],
  )
}

/** SQL: why an act `b` left a due of its row `w`, or never reached it; null for a due that is done or waits for its turn. */
const REASON = `case when w.outcome is not null then w.reason when b.state in ('stopping', 'stopped') then 'act_stopped'
  when b.state = 'failed' then 'act_failed' end`

/** How many dues an act left, by reason, the most first. Dues that it never reached are among them when it is over. */
export async function countLeft(db: Knex, actId: string): Promise<{ reason: string; count: number }[]> {
  const { rows } = await db.raw<{ rows: { reason: string; count: number }[] }>(
    `select ${REASON} as reason, count(*)::int as count from bulk_act_row w join bulk_act b on b.id = w.act_id
     where w.act_id = ? and ${REASON} is not null group by 1 order by 2 desc, 1`,
    [actId],
  )
  return rows
}

export interface ActDue extends DueRow {
  /** Null for a due that is done. */
  reason: string | null
}

/** The next dues of an act after the due with the id `after`: those that are done, or those that it left or never reached. */
async function duesOfAct(
  db: Knex,
  actId: string,
  which: 'done' | 'left',
  { after, limit }: { after: string; limit: number },
): Promise<ActDue[]> {
  const condition = which === 'done' ? `w.outcome = 'done'` : `${REASON} is not null`
  const { rows } = await db.raw<{ rows: ActDue[] }>(
    `select ${COLUMNS}, w.reason from (
       select w.due_id, ${REASON} as reason from bulk_act_row w join bulk_act b on b.id = w.act_id
       where w.act_id = ? and w.due_id > ? and ${condition} order by w.due_id limit ?) w
     join due d on d.id = w.due_id join ente_due_type t on t.id = d.ente_due_type_id ${DUE_DOUBT} order by d.id`,
    [actId, after, limit],
  )
  return rows
}

const FIRST_DUE = '00000000-0000-0000-0000-000000000000'
const PAGE = 1_000

/** The first dues of an act that are done, or that it left or never reached. */
export const firstDuesOfAct = (
  db: Knex,
  actId: string,
  which: 'done' | 'left',
  limit: number,
): Promise<ActDue[]> => duesOfAct(db, actId, which, { after: FIRST_DUE, limit })

/** All of them, read page by page, so that only one page is in memory. */
export async function* everyDueOfAct(
  db: Knex,
  actId: string,
  which: 'done' | 'left',
): AsyncGenerator<ActDue> {
  for (let after = FIRST_DUE; ;) {
    const page = await duesOfAct(db, actId, which, { after, limit: PAGE })
    yield* page
    if (page.length < PAGE) return
    after = page.at(-1)!.id
  }
}
