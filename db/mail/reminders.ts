import type { Knex } from 'knex'
import { valuesOf } from '../ground/rows.ts'
import { SENT_ON } from './notice-rule.ts'
import { TODAY } from '../ground/rome.ts'

/** From this hour of Rome on, the reminders of a day are booked. */
const FROM_HOUR = 8
/** Dues that are read at a time. */
const PAGE = 5_000
/** The most pages that one call reads; the next call goes on. */
const MOST_PAGES = 20

interface Waits {
  /** Smaller in tests. */
  fromHour?: number
  page?: number
}

/**
 * Books the reminders of today: of every payable due whose day comes within the days of its type. It reads the open dues of an ente from
 * today on, by the index of their order by day, and keeps how far it came, so that each due is read once a day. A day on which nothing ran
 * is made up for on the next one, until the due date itself.
 */
export async function bookReminders(db: Knex, waits: Waits = {}): Promise<void> {
  const { fromHour = FROM_HOUR, page = PAGE } = waits
  const enti = await valuesOf(
    db('ente as e')
      .where({ 'e.state': 'ESERCIZIO' })
      .whereRaw(`extract(hour from now() at time zone 'Europe/Rome') >= ?`, [fromHour])
      .whereRaw(
        `exists (select from ente_due_type t where t.ente_id = e.id and t.mail_reminder and t.active)`,
      )
      .whereRaw(
        `not exists (select from reminder_round r where r.ente_id = e.id and r.on_day = ${TODAY} and r.is_done)`,
      )
      .pluck('e.id'),
  )
  let pages = 0
  for (const enteId of enti) while (pages < MOST_PAGES && (await bookPage(db, enteId, page))) pages += 1
}

/** Reads one page of the dues of an ente. False when it was the last one, or when another worker reads them. */
async function bookPage(db: Knex, enteId: string, page: number): Promise<boolean> {
  return db.transaction(async (trx) => {
    await trx.raw(
      `insert into reminder_round as r (ente_id, on_day, after_day, after_id)
       values (?, ${TODAY}, ${TODAY}, '00000000-0000-0000-0000-000000000000')
       on conflict (ente_id) do update set on_day = excluded.on_day, after_day = excluded.after_day, after_id = excluded.after_id,
         is_done = false where r.on_day <> excluded.on_day`,
      [enteId],
    )
    const round = await trx.raw<{ rows: { afterDay: string; afterId: string }[] }>(
      `select after_day as "afterDay", after_id as "afterId" from reminder_round
       where ente_id = ? and not is_done for update skip locked`,
      [enteId],
    )
    const [from] = round.rows
    if (!from) return false
    const { rows } = await trx.raw<{ rows: { isLast: boolean }[] }>(BOOK, [
      enteId,
      from.afterDay,
      from.afterId,
      enteId,
      page,
      page,
      enteId,
    ])
    return !rows[0]!.isLast
  })
}

/**
 * A due that had a mail about it within the days of its type has no reminder: what was sent is one already. Its reminder for another due date
 * is another one, because the first named a day that is no longer true.
 */
const BOOK = `with read as (
    select d.id, d.ente_id, d.ente_due_type_id, d.state, d.due_on, d.iuv, d.pagatore ->> 'email' as address
    from due d
    where d.ente_id = ? and due_tab(d.state) = 'open' and (due_day(d.due_on), d.id) > (?::date, ?::uuid)
      and due_day(d.due_on) <= ${TODAY} + (select max(mail_reminder_days) from ente_due_type where ente_id = ? and mail_reminder and active)
    order by due_day(d.due_on), d.id limit ?),
  booked as (
    insert into notice_mail (due_id, ente_id, kind, occasion)
    select r.id, r.ente_id, 'reminder', r.due_on from read r join ente_due_type t on t.id = r.ente_due_type_id
    where t.mail_reminder and t.active and t.notice_enabled and r.state = 'payable' and r.due_on <= ${TODAY} + t.mail_reminder_days
      and length(r.iuv) in (15, 17) and trim(coalesce(r.address, '')) <> ''
      and not exists (select from notice_mail m where m.due_id = r.id
        and (m.outcome in ('waiting', 'pending') or ${SENT_ON} >= r.due_on - t.mail_reminder_days))
    on conflict do nothing),
  last as (select due_on, id from read order by due_on desc, id desc limit 1)
  update reminder_round set after_day = coalesce((select due_on from last), after_day), after_id = coalesce((select id from last), after_id),
    is_done = (select count(*) from read) < ?
  where ente_id = ?
  returning is_done as "isLast"`
