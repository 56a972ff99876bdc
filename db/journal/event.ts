import type { Knex } from 'knex'

/** An operator who does something. Events keep both: the id says who it was, the name what that person was called that day. */
export interface Actor {
  id: string
  name: string
}

/** How the data of an event names who did it. */
export const signedBy = ({ id, name }: Actor): { by: string; byId: string } => ({ by: name, byId: id })

export interface Note {
  entity: 'cart' | 'attempt' | 'due' | 'flow' | 'ente' | 'ente_due_type' | 'operator'
  entityId: string
  kind: string
  data?: Record<string, unknown>
}

/**
 * Something worth showing in a timeline that changes no state; state changes are written by the database itself. Answers its number,
 * for who goes on with it.
 */
export async function noteEvent(db: Knex, { entity, entityId, kind, data = {} }: Note): Promise<number> {
  const [row] = (await db('event')
    .insert({ entity, entity_id: entityId, kind, data: JSON.stringify(data) })
    .returning('id')) as { id: number }[]
  return row!.id
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

/** The story of a cart, its attempts and its dues, oldest first; who looked at them is in the register of accesses. */
export async function timelineOf(db: Knex, cartId: string): Promise<TimelineEvent[]> {
  const { rows } = await db.raw<{ rows: TimelineEvent[] }>(
    `select id, entity, entity_id as "entityId", kind, from_state as "fromState", to_state as "toState", data, at
     from event
     where entity_id = any (array(select ?::uuid union all select id from attempt where cart_id = ?
       union all select due_id from cart_item where cart_id = ?
       union all select id from email where cart_id = ?))
       and kind <> 'accessed'
     order by id`,
    [cartId, cartId, cartId, cartId],
  )
  return rows
}
