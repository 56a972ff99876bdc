import type { Knex } from 'knex'
import { BEGUN, ENDED, type Step } from '../../domain/payment/journey.ts'
import { containing } from '../ground/like.ts'
import { listed } from '../ground/listed.ts'
import { plannedRows } from '../ground/planned.ts'
import { TODAY } from '../ground/rome.ts'

/** The step of a cart `c`. */
const STEP = `case
  when c.state = 'open' then 'in_cart'
  when c.state in ('expired', 'archived', 'cancelled') then 'left'
  when c.state = 'requested' and c.returned_at is null then 'at_psp'
  when c.state = 'requested' then 'waiting'
  when c.state = 'partially_paid' then 'paid'
  else c.state end`

const startOf = (day: string): string => `((${day})::timestamp at time zone 'Europe/Rome')`

/** Days counted in one sweep, so that a sweep stays short. */
const AT_ONCE = 2

/**
 * Counts again the days that need it, the newest first: those of the last three days every fifteen minutes, those of the last sixty every
 * day, older ones once. Payments of older days do not change any more. Called by the sweep; safe to repeat, and by two at once.
 */
export async function countJourneys(db: Knex): Promise<void> {
  const { rows } = await db.raw<{ rows: { day: string }[] }>(
    `select c.day::date as day
     from generate_series((select min(created_at) at time zone 'Europe/Rome' from cart)::date, ${TODAY}, interval '1 day') c (day)
     left join journey_day d on d.day = c.day::date
     where d.day is null
       or (c.day > ${TODAY} - 3 and d.counted_at < now() - interval '15 minutes')
       or (c.day > ${TODAY} - 60 and d.counted_at < ${startOf(TODAY)})
     order by c.day desc limit ?`,
    [AT_ONCE],
  )
  for (const { day } of rows) await countDay(db, day)
}

async function countDay(db: Knex, day: string): Promise<void> {
  await db.transaction(async (trx) => {
    // A second sweep waits here, and then counts the same again.
    await trx.raw(
      `insert into journey_day (day, counted_at) values (?, now()) on conflict (day) do update set counted_at = now()`,
      [day],
    )
    await trx('journey').where({ day }).delete()
    await trx.raw(
      `insert into journey (day, ente_due_type_id, step, items, late)
       select ?::date, d.ente_due_type_id, ${STEP}, count(*), count(*) filter (where c.outcome_at > c.begun_at + interval '1 hour')
       from cart c join cart_item i on i.cart_id = c.id join due d on d.id = i.due_id
       where c.created_at >= ${startOf('?::date')} and c.created_at < ${startOf('?::date + 1')} group by 2, 3`,
      [day, day, day],
    )
  })
}

export interface JourneyFilter {
  /** Days of Rome, both included. */
  from: string
  to: string
  /** A part of the name or of the codIpa. */
  ente: string | undefined
}

/** Dues that were put in carts, and how far they came. */
export interface Journey {
  /** How many stand at each step; those without any are absent. */
  steps: Partial<Record<Step, number>>
  begun: number
  /** How many have an outcome, and how many of these got it more than an hour after the beginning. */
  ended: number
  late: number
}

/** The journey of the payments of one type of due of an ente. */
export interface EnteJourney extends Journey {
  codIpa: string
  enteName: string
  dueTypeName: string
}

const COUNTED = `counted as (
  select e.id as ente_id, e.cod_ipa, e.name as ente_name, t.id as type_id, t.name as type_name, j.step,
    sum(j.items)::int as items, sum(j.late)::int as late
  from journey j join ente_due_type t on t.id = j.ente_due_type_id join ente e on e.id = t.ente_id
  where j.day between ? and ? and (?::text is null or e.name ilike ? or e.cod_ipa ilike ?) group by e.id, t.id, j.step)`

const SUMS = `coalesce(sum(items) filter (where step in (${listed(BEGUN)})), 0)::int as begun,
  coalesce(sum(items) filter (where step in (${listed(ENDED)})), 0)::int as ended,
  coalesce(sum(late) filter (where step in (${listed(ENDED)})), 0)::int as late`

function bindingsOf({ from, to, ente }: JourneyFilter): Knex.RawBinding[] {
  const pattern = ente === undefined ? null : containing(ente)
  return [from, to, pattern, pattern, pattern]
}

/** One row per ente and type of due, the one with the most payments first, at most `limit`. */
export function journeysOf(db: Knex, filter: JourneyFilter, limit: number): Promise<EnteJourney[]> {
  return plannedRows(
    db,
    `with ${COUNTED}
     select cod_ipa as "codIpa", ente_name as "enteName", type_name as "dueTypeName", jsonb_object_agg(step, items) as steps, ${SUMS}
     from counted group by cod_ipa, ente_name, type_id, type_name order by begun desc, ente_name, type_name limit ?`,
    [...bindingsOf(filter), limit],
  )
}

/** All of them together. */
export async function journeyTotals(db: Knex, filter: JourneyFilter): Promise<Journey> {
  const [totals] = await plannedRows<Journey>(
    db,
    `with ${COUNTED}
     select coalesce((select jsonb_object_agg(s.step, s.items) from (select step, sum(items) as items from counted group by 1) s), '{}')
       as steps, ${SUMS} from counted`,
    bindingsOf(filter),
  )
  return totals!
}

/** When the newest day of the figures was counted last; null before the first time. */
export async function journeysCountedAt(db: Knex): Promise<string | null> {
  const [newest] = await plannedRows<{ at: string | null }>(
    db,
    'select max(counted_at) as at from journey_day',
    [],
  )
  return newest!.at
}

/** Messages exchanged with the node in the last 24 hours, by direction and outcome, the most frequent first. */
export interface NodeOutcome {
  direction: 'in' | 'out'
  outcome: string
  items: number
}

/** At most 20. Ids are made in order of time, so the newest messages are found without an index of instants. */
export function nodeOutcomes(db: Knex): Promise<NodeOutcome[]> {
  return plannedRows(
    db,
    `select j.direction, j.outcome, count(*)::int as items from journal j
     where j.id > (select uuidv7(interval '-24 hours')) and j.at > now() - interval '24 hours'
     group by 1, 2 order by 3 desc, 1, 2 limit 20`,
    [],
  )
}
