import type { Knex } from 'knex'
import type { BillMovement } from '../../domain/treasury/bill.ts'
import type { SameMoneyCredit } from '../../domain/treasury/same-money.ts'
import type { Source } from '../../domain/treasury/movement.ts'

/** A movement of a loaded file, as its bill is judged by it. `key` is the digest of the bill in hexadecimal. */
export interface CountedMovement extends BillMovement {
  id: string
}

/** SQL condition: `s`, a storno, may take back `c`, a credit. */
const MAY_TAKE_BACK = `s.act = 'storno' and c.act = 'credit' and c.ente_id = s.ente_id and c.series = s.series
  and (c.bolletta = s.storno_of or (s.storno_of is null and (c.trn = s.trn or c.end_to_end_id = s.end_to_end_id)))`

const TOUCHED = `
with mine as (select m.* from treasury_sighting g join treasury_movement m on m.id = g.movement_id where g.file_id = :fileId),
touched as (select bill from mine where act in ('credit', 'storno')
  union select c.bill from mine s join treasury_movement c on ${MAY_TAKE_BACK}),
storni as (select s.id from touched t join treasury_movement c on c.ente_id = :enteId and c.bill = t.bill
  join treasury_movement s on ${MAY_TAKE_BACK})`

/** What a file touches: the bills of its movements, with all that loaded files say about them. */
export interface Touched {
  /** Digests in hexadecimal. */
  bills: string[]
  movements: CountedMovement[]
}

export async function touchedBy(trx: Knex, enteId: string, fileId: string): Promise<Touched> {
  const { rows: bills } = await trx.raw<{ rows: { bill: string }[] }>(
    `${TOUCHED} select encode(bill, 'hex') as bill from touched`,
    { enteId, fileId },
  )
  const { rows: movements } = await trx.raw<{ rows: CountedMovement[] }>(
    `${TOUCHED} select distinct on (m.id) m.id, encode(m.bill, 'hex') as key, m.series, m.act, m.bolletta, m.storno_of as "stornoOf", m.cents,
       m.booked_on as "bookedOn", m.trn, m.end_to_end_id as "endToEndId", (g.place ->> 'number')::int as place,
       to_char(coalesce(g.made_at, f.created_at at time zone 'Europe/Rome'), 'YYYY-MM-DD"T"HH24:MI:SS') as "madeAt"
     from treasury_movement m join treasury_sighting g on g.movement_id = m.id join treasury_file f on f.id = g.file_id
     where m.ente_id = :enteId and f.state = 'loaded' and m.act in ('credit', 'storno')
       and (m.bill in (select bill from touched) or m.id in (select id from storni))
     order by m.id, "madeAt" desc`,
    { enteId, fileId },
  )
  return { bills: bills.map(({ bill }) => bill), movements }
}

/** A credit as its bill was judged. */
export interface CountedCredit {
  bill: string
  movementId: string
  cents: number
  reversedCents: number
}

/** Writes what bills add up to; a bill that no loaded file has any more is not seen. Returns the ids of what changed. */
export async function writeCredits(
  trx: Knex,
  enteId: string,
  { bills, credits }: { bills: readonly string[]; credits: readonly CountedCredit[] },
): Promise<string[]> {
  const { rows: counted } = await trx.raw<{ rows: { id: string }[] }>(
    `insert into treasury_credit as c (ente_id, source, bill, movement_id, cents, reversed_cents, booked_on)
     select :enteId, m.source, decode(g.bill, 'hex'), m.id, g.cents, g."reversedCents", m.booked_on
     from json_to_recordset(:credits) as g (bill text, "movementId" uuid, cents bigint, "reversedCents" bigint)
     join treasury_movement m on m.id = g."movementId" order by m.booked_on, m.id
     on conflict on constraint treasury_credit_bill do update
     set movement_id = excluded.movement_id, cents = excluded.cents, reversed_cents = excluded.reversed_cents,
       booked_on = excluded.booked_on, is_seen = true, needs_tie = true
     where (c.movement_id, c.cents, c.reversed_cents, c.is_seen) is distinct from
       (excluded.movement_id, excluded.cents, excluded.reversed_cents, true)
     returning c.id`,
    { enteId, credits: JSON.stringify(credits) },
  )
  const seen = credits.map(({ bill }) => bill)
  const { rows: gone } = await trx.raw<{ rows: { id: string }[] }>(
    `update treasury_credit set is_seen = false, cents = 0, needs_tie = true
     where ente_id = :enteId and is_seen and bill in (select decode(b, 'hex') from unnest(:bills::text[]) b)
       and bill not in (select decode(b, 'hex') from unnest(:seen::text[]) b)
     returning id`,
    { enteId, bills: [...bills], seen },
  )
  return [...counted, ...gone].map(({ id }) => id)
}

/** A credit among those of its day and amount. */
export interface GroupedCredit extends SameMoneyCredit {
  bookedOn: string
  cents: number
  twinId: string | null
}

/** All credits of the days and amounts that these credits have, and of those that pointed at them. */
export async function sameDayAndAmount(
  trx: Knex,
  enteId: string,
  ids: readonly string[],
): Promise<GroupedCredit[]> {
  const { rows } = await trx.raw<{ rows: GroupedCredit[] }>(
    `with touched as (select booked_on, cents from treasury_credit where id = any (:ids::uuid[]) or twin_id = any (:ids::uuid[]))
     select c.id, c.source::text as source, m.trn, m.plain, c.booked_on as "bookedOn", c.cents, c.twin_id as "twinId"
     from treasury_credit c join treasury_movement m on m.id = c.movement_id
     where c.ente_id = :enteId and (c.is_seen and c.cents > 0 and (c.booked_on, c.cents) in (select booked_on, cents from touched)
       or c.id = any (:ids::uuid[]) and c.twin_id is not null)`,
    { enteId, ids: [...ids] },
  )
  return rows
}

export interface Twin {
  id: string
  twinId: string | null
}

/** Writes which credits are the same money as another. What a person decided of one that does not count any more goes to the one that does. */
export async function writeTwins(trx: Knex, changed: readonly Twin[]): Promise<void> {
  if (changed.length === 0) return
  const ids = changed.map(({ id }) => id)
  await trx('treasury_credit').whereIn('id', ids).update({ twin_id: null, needs_tie: true })
  await trx.raw(
    `update treasury_credit c set twin_id = g."twinId" from json_to_recordset(?) as g (id uuid, "twinId" uuid)
     where c.id = g.id and g."twinId" is not null`,
    [JSON.stringify(changed)],
  )
  await trx.raw(
    `insert into treasury_tie (credit_id, domain, flow_id, psp_id, iuv, state, score, reason, decided_at, decided_by)
     select c.twin_id, t.domain, t.flow_id, t.psp_id, t.iuv, t.state, t.score, t.reason, t.decided_at, t.decided_by
     from treasury_tie t join treasury_credit c on c.id = t.credit_id
     where c.id = any (?::uuid[]) and c.twin_id is not null and t.state in ('accepted', 'refused')
     on conflict do nothing`,
    [ids],
  )
}

/** Makes a statement loaded, with the counts of its movements, of those that no other loaded file has, and of its faults. */
export async function writeLoaded(trx: Knex, fileId: string, source: Source): Promise<void> {
  await trx.raw(
    `update treasury_file f set state = 'loaded', kind = :source, ended_at = now(),
       movements = (select count(*) from treasury_sighting s where s.file_id = f.id),
       news = (select count(*) from treasury_sighting s where s.file_id = f.id and not exists (
         select from treasury_sighting o join treasury_file x on x.id = o.file_id and x.state = 'loaded'
         where o.movement_id = s.movement_id and o.file_id <> f.id)),
       faults = (select count(*) from treasury_fault x where x.file_id = f.id)
     where f.id = :fileId`,
    { fileId, source },
  )
}
