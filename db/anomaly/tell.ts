import type { Knex } from 'knex'
import type { AnomalyKind } from '../../domain/payment/model.ts'
import { mayUseDueType } from '../ente/due-type-access.ts'
import { TODAY } from '../ground/rome.ts'

/** New anomalies of one kind, in a mail about them. */
export interface ToldKind {
  kind: AnomalyKind
  count: number
  /** Cents that belong to no due. */
  cents: number
}

/** From this hour of Rome on, the mail of the day about anomalies without money is sent. */
const DAILY_HOUR = 8

/** The anomalies that nobody was told of and whose time has come: with money at once, the others once a day and ente. */
const DUE = `select a.id, a.unplaced_cents from anomaly a
  where a.told_at is null and a.closed_at is null and a.ente_id is not null
    and (a.unplaced_cents > 0 or (extract(hour from now() at time zone 'Europe/Rome') >= ?
      and not exists (select from anomaly_digest g where g.ente_id = a.ente_id
        and g.told_on = ${TODAY})))
  order by a.id limit 500 for update of a skip locked`

/**
 * Stores mails about new anomalies for the people of each ente who want them: a mail per person with what that person may see, as counts
 * and sums, because a mail must not name anybody. Marking and mails commit together, so nothing is told twice.
 */
export async function tellAnomalies(
  db: Knex,
  { mailHost, dailyHour = DAILY_HOUR }: { mailHost: string; dailyHour?: number },
): Promise<void> {
  await db.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: { id: string }[] }>(DUE, [dailyHour])
    if (rows.length === 0) return
    const ids = rows.map(({ id }) => id)
    await trx.raw(INSERT, [mailHost, ids])
    await trx.raw(
      `insert into anomaly_digest (ente_id, told_on)
       select distinct ente_id, ${TODAY} from anomaly where id = any (?) and unplaced_cents = 0
       on conflict (ente_id) do update set told_on = excluded.told_on`,
      [ids],
    )
    await trx.raw('update anomaly set told_at = now() where id = any (?)', [ids])
  })
}

const MAY_SEE = `(g.role = 'admin' or (exists (select anomaly_dues(a)) and not exists (
  select from due x where x.id in (select anomaly_dues(a)) and not ${mayUseDueType('o.id', 'x.ente_due_type_id')})))`

/**
 * Stores mails about a request that needs a second person: to the people of the ente who may approve it, except the one who asked, or to
 * those of the region where the ente has nobody else with an address. A unique index refuses a second mail about the same event to one
 * address, so it is one per request and person. The sweep sends them.
 * @param eventId the event of the request
 */
export async function tellApprovers(
  trx: Knex,
  {
    eventId,
    anomalyId,
    askedBy,
    mailHost,
  }: { eventId: number; anomalyId: string; askedBy: string; mailHost: string },
): Promise<void> {
  await trx.raw(
    `with theirs as (
       select operator_address(o.id, a.ente_id) as address
       from anomaly a join operator_grant g on g.ente_id = a.ente_id join operator o on o.id = g.operator_id
       where a.id = ? and o.active and o.id <> ? and ${MAY_SEE} and operator_address(o.id, a.ente_id) is not null),
     told as (
       select address from theirs
       union all
       select email from operator where platform_admin and active and id <> ? and email is not null and not exists (select from theirs))
     insert into email (kind, event_id, address, message_id, next_try_at)
     select 'change', ?, t.address, 'approval-' || ? || '-' || row_number() over (order by t.address) || '@' || ?, now()
     from (select distinct on (lower(address)) address from told) t`,
    [anomalyId, askedBy, askedBy, eventId, eventId, mailHost],
  )
}

const INSERT = `insert into email (kind, ente_id, facts, address, message_id, next_try_at)
  select 'anomalies', q.ente_id, jsonb_agg(jsonb_build_object('kind', q.kind, 'count', q.count, 'cents', q.cents) order by q.kind),
    q.address, 'anomalies-' || uuidv7() || '@' || ?, now()
  from (
    select a.ente_id, coalesce(g.email, o.email) as address, o.id as operator_id, a.kind, count(*)::int as count,
      sum(a.unplaced_cents)::bigint as cents
    from operator_grant g join operator o on o.id = g.operator_id join anomaly a on a.ente_id = g.ente_id
    where g.wants_anomalies and o.active and coalesce(g.email, o.email) is not null and a.id = any (?) and ${MAY_SEE}
    group by a.ente_id, coalesce(g.email, o.email), o.id, a.kind) q
  group by q.ente_id, q.operator_id, q.address`

/** Whether an operator wants mails about the anomalies of an ente; null for a person without a grant there, such as one of the region. */
export async function wantsAnomalies(
  db: Knex,
  { enteId, operatorId }: { enteId: string; operatorId: string },
): Promise<boolean | null> {
  const { rows } = await db.raw<{ rows: { wants: boolean }[] }>(
    'select wants_anomalies as wants from operator_grant where ente_id = ? and operator_id = ?',
    [enteId, operatorId],
  )
  return rows[0]?.wants ?? null
}

export async function setWantsAnomalies(
  db: Knex,
  { enteId, operatorId, wants }: { enteId: string; operatorId: string; wants: boolean },
): Promise<void> {
  await db('operator_grant')
    .where({ ente_id: enteId, operator_id: operatorId })
    .update({ wants_anomalies: wants })
}
