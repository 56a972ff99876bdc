import type { Knex } from 'knex'
import type { NoticeDrop } from '../../domain/notice/mail.ts'
import { ADDRESS, FACTS, HAS_NUMBER, SENT_ON, WHY_NOT } from './notice-rule.ts'
import { TODAY } from '../ground/rome.ts'

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

/** Why an operator cannot send a notice now. `today`: one left today, or is about to. */
export type NotAsked = 'today' | NoticeDrop

/** Books a notice that an operator asks for. False when one was booked on this day. */
export async function bookAsked(trx: Knex, dueId: string): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    `insert into notice_mail (due_id, ente_id, kind, occasion) select id, ente_id, 'asked', ${TODAY} from due where id = ?
     on conflict do nothing returning id`,
    [dueId],
  )
  return rows.length > 0
}

/** SQL: why an operator cannot send the notice of a due `d` of the type `t` by mail now; null when he can. */
export const WHY_NOT_ASKED = `(select coalesce(${WHY_NOT}, case when exists (select from notice_mail m where m.due_id = d.id
    and (m.outcome in ('waiting', 'pending') or ${SENT_ON} = ${TODAY}
      or (m.booked_on = ${TODAY} and (m.outcome <> 'dropped' or m.kind = 'asked')))) then 'today' end)
  from ente e cross join (values ('asked', ${TODAY})) n (kind, occasion) where e.id = d.ente_id)`

/** Why an operator cannot send the notice of a due by mail now; null when he can. */
export async function whyNotAsked(db: Knex, dueId: string): Promise<NotAsked | null> {
  const { rows } = await db.raw<{ rows: { why: NotAsked | null }[] }>(
    `select ${WHY_NOT_ASKED} as why from due d join ente_due_type t on t.id = d.ente_due_type_id where d.id = ?`,
    [dueId],
  )
  return rows[0]!.why
}
