import type { Knex } from 'knex'

/** What the page about a notice that was sent by mail shows. */
export interface NoticeStop {
  /** The address that the mail went to. */
  address: string
  enteName: string
  /** What is stopped at this address. */
  stopped: 'none' | 'ente' | 'all'
}

/** Undefined when the notice had no mail. */
export async function findStop(db: Knex, noticeMailId: string): Promise<NoticeStop | undefined> {
  const { rows } = await db.raw<{ rows: NoticeStop[] }>(
    `select m.address, e.name as "enteName", case
         when exists (select from mail_stop s where s.address_hash = address_hash(m.address) and s.ente_id is null) then 'all'
         when exists (select from mail_stop s where s.address_hash = address_hash(m.address) and s.ente_id = m.ente_id) then 'ente'
         else 'none' end as stopped
     from email m join ente e on e.id = m.ente_id where m.notice_mail_id = ?`,
    [noticeMailId],
  )
  return rows[0]
}

/** Stops the notices of the ente of this mail, or of all enti, at its address. May be repeated. */
export async function stopNotices(db: Knex, noticeMailId: string, of: 'ente' | 'all'): Promise<void> {
  await db.raw(
    `insert into mail_stop (address_hash, ente_id)
     select address_hash(m.address), case when ?::text = 'ente' then m.ente_id end from email m where m.notice_mail_id = ?
     on conflict do nothing`,
    [of, noticeMailId],
  )
}

/** The ente of this mail may write to its address again. What was stopped of other enti one by one stays stopped. */
export async function resumeNotices(db: Knex, noticeMailId: string): Promise<void> {
  await db.raw(
    `delete from mail_stop s using email m
     where m.notice_mail_id = ? and s.address_hash = address_hash(m.address) and (s.ente_id is null or s.ente_id = m.ente_id)`,
    [noticeMailId],
  )
}

/** The due of a notice that was sent by mail, or the one that has taken its place under its number. */
export async function dueOfNoticeMail(db: Knex, noticeMailId: string): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select coalesce((select r.id from due r where r.ente_id = d.ente_id and r.iuv = d.iuv and r.state <> 'cancelled'), d.id) as id
     from notice_mail n join due d on d.id = n.due_id where n.id = ?`,
    [noticeMailId],
  )
  return rows[0]?.id
}
