import type { Knex } from 'knex'
import { rowOf } from '../ground/rows.ts'

/** An operator who does something. Events keep both the id and the name of that day, because the name may change. */
export interface Actor {
  id: string
  name: string
}

/** The fields of an event that name the person who caused it. */
export const signedBy = ({ id, name }: Actor): { by: string; byId: string } => ({ by: name, byId: id })

export interface Note {
  entity:
    | 'cart'
    | 'attempt'
    | 'due'
    | 'flow'
    | 'draft'
    | 'ente'
    | 'ente_due_type'
    | 'operator'
    | 'anomaly'
    | 'saved_search'
    | 'bulk_act'
    | 'reported_row'
    | 'treasury_file'
    | 'treasury_credit'
  entityId: string
  kind: string
  data?: Record<string, unknown>
}

/** Stores an event that changes no state and returns its id. Events of changed states are written by triggers of the database. */
export async function noteEvent(db: Knex, { entity, entityId, kind, data = {} }: Note): Promise<number> {
  const row = await rowOf<{ id: number }>(
    db('event')
      .insert({ entity, entity_id: entityId, kind, data: JSON.stringify(data) })
      .returning('id'),
  )
  return row!.id
}

/** Stores the same event of many things, in the order of their ids. */
export async function noteEvents(
  db: Knex,
  { entity, ids, kind, data }: Required<Omit<Note, 'entityId'>> & { ids: readonly string[] },
): Promise<void> {
  await db.raw(
    `insert into event (entity, entity_id, kind, data) select ?, id, ?, ?::jsonb from unnest(?::uuid[]) id order by id`,
    [entity, kind, JSON.stringify(data), [...ids]],
  )
}

export interface TimelineEvent {
  id: number
  entity: string
  entityId: string
  kind: string
  fromState: string | null
  toState: string | null
  data: Record<string, unknown>
  at: string
}

/**
 * The events of a cart, its attempts, its dues, its mails and its anomalies, the oldest first. Accesses are left out, because they have a register of
 * their own.
 */
export async function timelineOf(db: Knex, cartId: string): Promise<TimelineEvent[]> {
  const { rows } = await db.raw<{ rows: TimelineEvent[] }>(
    `select id, entity, entity_id as "entityId", kind, from_state as "fromState", to_state as "toState", data, at
     from event
     where entity_id = any (array(select ?::uuid union all select id from attempt where cart_id = ?
       union all select due_id from cart_item where cart_id = ?
       union all select id from email where cart_id = ?
       union all select id from anomaly where cart_id = ?))
       and kind <> 'accessed'
     order by id`,
    [cartId, cartId, cartId, cartId, cartId],
  )
  return rows
}
