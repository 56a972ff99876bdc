import type { Knex } from 'knex'
import { noteEvent, signedBy, type Actor } from '../../db/journal/event.ts'
import { bookAsked, whyNotAsked, type NotAsked } from '../../db/mail/notice-book.ts'

/** A person asks for the notice of a due. `bulkAct` is the number of the act on many dues by which he does. */
interface AskedNotice {
  dueId: string
  by: Actor
  bulkAct?: number
}

/**
 * Sends the notice of one due by mail, because an operator asks for it; or says why not. It is booked; the sweep lets it out within a
 * minute, before the notices that nobody asked for. Whoever calls it has checked that the operator may use the due. Two calls on one day
 * book one, because the database refuses the second.
 */
export async function sendNotice(
  db: Knex,
  { dueId, by, bulkAct }: AskedNotice,
): Promise<'booked' | NotAsked> {
  return db.transaction(async (trx) => {
    const why = await whyNotAsked(trx, dueId)
    if (why !== null) return why
    if (!(await bookAsked(trx, dueId))) return 'today'
    await noteEvent(trx, {
      entity: 'due',
      entityId: dueId,
      kind: 'notice_asked',
      data: { ...signedBy(by), bulkAct },
    })
    return 'booked'
  })
}
