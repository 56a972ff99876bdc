import type { Knex } from 'knex'

/** True when a notice of this due may be on paper or in a mailbox: it was printed here, with its file, or sent by mail. */
export async function hasGivenNotice(db: Knex, dueId: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { given: boolean }[] }>(
    `select exists (select from event where entity = 'due' and entity_id = ?
         and (kind = 'notice_printed' or (kind = 'accessed' and data ->> 'what' = 'notice')))
       or exists (select from notice_mail where due_id = ? and outcome = 'sent')
       or exists (select from due d join flow f on f.id = d.flow_id where d.id = ? and f.wants_notices) as given`,
    [dueId, dueId, dueId],
  )
  return rows[0]!.given
}
