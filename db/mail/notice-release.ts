import type { Knex } from 'knex'
import { ADDRESS, FACTS, WHY_NOT } from './notice-rule.ts'

/** A mail that was made for a notice whose turn has come. */
export interface Released {
  mailId: string
  enteId: string
  enteName: string
}

/** How many notices are looked at in one statement; those that are not to be sent use up no room. */
const LOOKS = 20

/** The sweep comes four times a minute. */
const ROUNDS_A_MINUTE = 4

/**
 * Makes the mails of the next notices: as many as `perMinute` allows in the whole installation, and none while two rounds of them wait for
 * the mail server. Enti take turns. A notice that is not to be sent any more is dropped with its reason.
 */
export async function releaseNotices(
  db: Knex,
  { perMinute, mailHost }: { perMinute: number; mailHost: string },
): Promise<Released[]> {
  return db.transaction(async (trx) => {
    // Whoever holds the row lets notices out; the other workers pass by.
    const pace = await trx.raw<{ rows: unknown[] }>(
      'select from notice_pace where next_at <= now() for update skip locked',
    )
    if (pace.rows.length === 0) return []
    const most = Math.ceil(perMinute / ROUNDS_A_MINUTE)
    const room = Math.min(most, 2 * most - (await unsent(trx)))
    const released: Released[] = []
    for (let look = 0; look < LOOKS && released.length < room; look += 1) {
      const { looked, mails } = await releaseSome(trx, room - released.length, mailHost)
      released.push(...mails)
      if (looked === 0) break
    }
    await trx.raw(`update notice_pace set next_at = now() + ? * interval '1 second'`, [
      (released.length * 60) / perMinute,
    ])
    return released
  })
}

async function unsent(trx: Knex): Promise<number> {
  const { rows } = await trx.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from email where state = 'pending' and kind = 'notice'`,
  )
  return rows[0]!.count
}

async function releaseSome(
  trx: Knex,
  most: number,
  mailHost: string,
): Promise<{ looked: number; mails: Released[] }> {
  const { rows } = await trx.raw<{ rows: { looked: number; mails: Released[] }[] }>(
    `with turns as (
       select w.id, row_number() over (partition by w.ente_id order by w.rank, w.id) as turn
       from ente e cross join lateral (
         select id, ente_id, notice_rank(kind) as rank from notice_mail
         where ente_id = e.id and outcome = 'waiting' order by notice_rank(kind), id limit ?) w),
     judged as (
       select n.id, n.ente_id, e.name, ${ADDRESS} as address, ${WHY_NOT} as reason
       from (select id from turns order by turn, id limit ?) next join notice_mail n on n.id = next.id
         join due d on d.id = n.due_id ${FACTS}),
     told as (
       update notice_mail n set outcome = case when j.reason is null then 'pending' else 'dropped' end, reason = j.reason, told_at = now()
       from judged j where n.id = j.id and n.outcome = 'waiting' returning n.id),
     mails as (
       insert into email (kind, notice_mail_id, ente_id, address, message_id)
       select 'notice', j.id, j.ente_id, j.address, '<notice.' || j.id || '@' || ? || '>'
       from judged j join told on told.id = j.id where j.reason is null
       returning id, ente_id)
     select (select count(*)::int from told) as looked, coalesce((select json_agg(json_build_object('mailId', m.id, 'enteId', m.ente_id,
       'enteName', e.name)) from mails m join ente e on e.id = m.ente_id), '[]') as mails`,
    [most, most, mailHost],
  )
  return rows[0]!
}
