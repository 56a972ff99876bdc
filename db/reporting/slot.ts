import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'

/** Requests of one ente that run at once; of all together as many as `reporting_slot` has rows. */
const OF_ONE_ENTE = 2
/** A place that its holder never gave back is free after this time. No slice of requests takes as long. */
const HELD = `interval '3 minutes'`

/** The right to ask pagoPA about one ente now. */
export interface Slot {
  number: number
  heldBy: string
}

/** Takes a place among the requests that run at once. A number, when none is free: seconds until it is worth asking again. */
export async function takeSlot(db: Knex, enteId: string): Promise<Slot | { waitSeconds: number }> {
  const heldBy = randomUUID()
  const { rows } = await db.raw<{ rows: { number: number | null; paused: number }[] }>(
    `with pause as (select coalesce(greatest(0, ceil(extract(epoch from until - now()))), 0)::int as seconds from reporting_pause),
     free as (
       select number from reporting_slot s where (held_until is null or held_until < now()) and (select seconds from pause) = 0
         and (select count(*) from reporting_slot o where o.ente_id = ? and o.held_until > now()) < ${OF_ONE_ENTE}
       order by number limit 1 for update skip locked),
     taken as (
       update reporting_slot s set ente_id = ?, held_by = ?, held_until = now() + ${HELD} from free where s.number = free.number
       returning s.number)
     select (select number from taken) as number, (select seconds from pause) as paused`,
    [enteId, enteId, heldBy],
  )
  const { number, paused } = rows[0]!
  return number === null ? { waitSeconds: Math.max(1, paused) } : { number, heldBy }
}

export async function giveBack(db: Knex, { number, heldBy }: Slot): Promise<void> {
  await db('reporting_slot').where({ number, held_by: heldBy }).update({ held_until: null, held_by: null })
}

/** Wait after a refusal that names no time; each further refusal in a row doubles it, up to an hour. */
const FIRST_WAIT_SECONDS = 60
const MOST_DOUBLINGS = 6

/** pagoPA said that this subscription asks too much: nobody asks until it may. @param seconds undefined where it named no time */
export async function pauseAll(db: Knex, seconds: number | undefined): Promise<void> {
  await db.raw(
    `update reporting_pause set refusals = refusals + 1, until = greatest(until, now() + make_interval(secs =>
       coalesce(?::double precision, ${FIRST_WAIT_SECONDS} * 2 ^ least(refusals, ${MOST_DOUBLINGS}))))`,
    [seconds ?? null],
  )
}

/** An answer came: the next refusal waits the first time again. */
export async function endRefusals(db: Knex): Promise<void> {
  await db('reporting_pause').where('refusals', '>', 0).update({ refusals: 0 })
}

/** Keeps a place for a longer piece of work. */
export async function keepSlot(db: Knex, { number, heldBy }: Slot): Promise<void> {
  await db('reporting_slot')
    .where({ number, held_by: heldBy })
    .update({ held_until: db.raw(`now() + ${HELD}`) })
}
