import type { Knex } from 'knex'
import type { NoticeMailKind } from '../../domain/notice/mail.ts'
import { IN_DOUBT } from './email.ts'
import { ADDRESS, FACTS, WHY_NOT } from './notice-rule.ts'

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
