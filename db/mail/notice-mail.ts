import type { Knex } from 'knex'
import { MAX_NOTICE_AMOUNT } from '../../domain/money.ts'
import type { NoticeDrop, NoticeMailKind } from '../../domain/notice/mail.ts'
import { noteEvent, signedBy, type Actor } from '../journal/event.ts'
import { IS_DOUBTFUL } from '../payment/known.ts'
import { IN_DOUBT } from './email.ts'

/** SQL: today in Rome by the clock of the database. */
export const TODAY = `(now() at time zone 'Europe/Rome')::date`

const ADDRESS = `nullif(trim(d.pagatore ->> 'email'), '')`

/** SQL condition: the due `d` of the ente `e` has the number of a notice. */
const HAS_NUMBER = `(length(d.iuv) = 17 or (length(d.iuv) = 15 and e.application_code is not null))`

/** SQL condition: the person at this address has stopped the notices of the ente of the due `d`, or of all enti. */
const IS_STOPPED = `exists (select from mail_stop s where s.address_hash = address_hash(${ADDRESS})
  and (s.ente_id is null or s.ente_id = d.ente_id))`

/**
 * SQL: the `NoticeDrop` of a notice `n` (its `kind` and `occasion`) of a due `d` with its type `t` and ente `e`; null when it may be sent. The
 * one rule of this, asked when a notice is asked for, when its turn comes, and again just before it leaves.
 */
const WHY_NOT = `case
  when d.state in ('paid', 'paying', 'cancelled') then d.state
  when ${IS_DOUBTFUL} then 'doubt'
  when is_expired(d.due_on, t.due_on_binding) or (n.kind = 'reminder' and n.occasion < ${TODAY}) then 'expired'
  when n.kind = 'reminder' and d.due_on is distinct from n.occasion then 'changed'
  when ${ADDRESS} is null then 'no_address'
  when e.state <> 'ESERCIZIO' then 'not_live'
  when not coalesce(${HAS_NUMBER}, false) or not t.active or not t.notice_enabled or d.importo_cents > ${MAX_NOTICE_AMOUNT} then 'no_notice'
  when (n.kind = 'born' and not t.mail_notice) or (n.kind = 'reminder' and not t.mail_reminder) then 'switched_off'
  when ${IS_STOPPED} then 'stopped' end`

const FACTS = `join ente_due_type t on t.id = d.ente_due_type_id join ente e on e.id = d.ente_id`

/**
 * Books the notices of dues that were just inserted, of those types that send them. One statement for a whole chunk of a file, in its
 * transaction. A due without address or number books nothing, nor does one of an ente that is not in operation.
 */
export async function bookBirths(trx: Knex, dueIds: readonly string[]): Promise<void> {
  if (dueIds.length === 0) return
  await trx.raw(
    `insert into notice_mail (due_id, ente_id, kind)
     select d.id, d.ente_id, 'born' from due d ${FACTS}
     where d.id = any (?::uuid[]) and t.mail_notice and e.state = 'ESERCIZIO' and ${ADDRESS} is not null and ${HAS_NUMBER}
       and not is_expired(d.due_on, t.due_on_binding)
     on conflict do nothing`,
    [[...dueIds]],
  )
}

/** `booked`, or why not. `today`: one left today, or is about to. */
export type NoticeAsked = 'booked' | 'today' | NoticeDrop

/** SQL: why an operator cannot send the notice of a due `d` of the type `t` by mail now; null when he can. */
export const WHY_NOT_ASKED = `(select coalesce(${WHY_NOT}, case when exists (select from notice_mail m where m.due_id = d.id
    and (m.outcome in ('waiting', 'pending') or m.sent_on = ${TODAY}
      or (m.booked_on = ${TODAY} and (m.outcome <> 'dropped' or m.kind = 'asked')))) then 'today' end)
  from ente e cross join (values ('asked', ${TODAY})) n (kind, occasion) where e.id = d.ente_id)`

/** A person asks for the notice of a due. `bulkAct` is the number of the act on many dues by which he does. */
export interface AskedNotice {
  dueId: string
  by: Actor
  bulkAct?: number
}

/** Books a notice that an operator asks for. Two presses on one day book one, because the database refuses the second. */
export async function bookAsked(db: Knex, { dueId, by, bulkAct }: AskedNotice): Promise<NoticeAsked> {
  return db.transaction(async (trx) => {
    const why = await whyNotAsked(trx, dueId)
    if (why !== null) return why
    const { rows } = await trx.raw<{ rows: unknown[] }>(
      `insert into notice_mail (due_id, ente_id, kind, occasion) select id, ente_id, 'asked', ${TODAY} from due where id = ?
       on conflict do nothing returning id`,
      [dueId],
    )
    if (rows.length === 0) return 'today'
    await noteEvent(trx, {
      entity: 'due',
      entityId: dueId,
      kind: 'notice_asked',
      data: { ...signedBy(by), bulkAct },
    })
    return 'booked'
  })
}

/** Why an operator cannot send the notice of a due by mail now; null when he can. */
export async function whyNotAsked(db: Knex, dueId: string): Promise<Exclude<NoticeAsked, 'booked'> | null> {
  const { rows } = await db.raw<{ rows: { why: Exclude<NoticeAsked, 'booked'> | null }[] }>(
    `select ${WHY_NOT_ASKED} as why from due d join ente_due_type t on t.id = d.ente_due_type_id where d.id = ?`,
    [dueId],
  )
  return rows[0]!.why
}

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
       update notice_mail n set outcome = case when j.reason is null then 'pending' else 'dropped' end, reason = j.reason
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

/**
 * Drops the mail of a notice that is not to be sent any more, and returns true. A mail that may have reached the mail server once is not
 * told as dropped but as in doubt.
 */
export async function dropNotice(
  db: Knex,
  { mailId, claimer }: { mailId: string; claimer: string },
): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `update email m set state = case when m.in_doubt = 0 then 'dropped' else 'failed' end,
       last_answer = case when m.in_doubt = 0 then w.why else '${IN_DOUBT}' end
     from (select m.id, coalesce(${WHY_NOT}, case when m.address <> ${ADDRESS} then 'changed' end) as why
       from email m join notice_mail n on n.id = m.notice_mail_id join due d on d.id = n.due_id ${FACTS} where m.id = ?) w
     where m.id = w.id and w.why is not null and m.state = 'pending' and (m.claimed_by is null or m.claimed_by = ?)
     returning m.id`,
    [mailId, claimer],
  )
  return rows.length > 0
}

/** What the mail of a notice says. It names nobody. */
export interface NoticeOfMail {
  id: string
  kind: NoticeMailKind
  createdAt: string
  enteName: string
  dueTypeName: string
  causale: string
  importoCents: number
  /** Null when notices of the type do not show it. */
  dueOn: string | null
  iuv: string
  applicationCode: string | null
  enteEmail: string | null
  entePhone: string | null
}

export async function findNoticeOfMail(db: Knex, noticeMailId: string): Promise<NoticeOfMail> {
  const { rows } = await db.raw<{ rows: NoticeOfMail[] }>(
    `select n.id, n.kind, n.created_at as "createdAt", e.name as "enteName", t.name as "dueTypeName", d.causale,
       d.importo_cents as "importoCents", case when t.print_due_on or n.kind = 'reminder' then d.due_on end as "dueOn", d.iuv,
       e.application_code as "applicationCode", e.email as "enteEmail", e.phone as "entePhone"
     from notice_mail n join due d on d.id = n.due_id ${FACTS} where n.id = ?`,
    [noticeMailId],
  )
  return rows[0]!
}
