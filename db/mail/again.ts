import type { Knex } from 'knex'
import { MAIL_AGAIN, type NotAgain } from '../../domain/mail-again.ts'
import { noteEvent, signedBy, type Actor } from '../journal/event.ts'
import { rowOf } from '../ground/rows.ts'

/** A receipt mail of a cart that somebody asks for again. */
export interface AskedMail {
  cartId: string
  mailId: string
  by: Actor
  /** In whose history it is noted: that of the payment, or that of the due on whose page it was asked. */
  of: { entity: 'cart' | 'due'; entityId: string }
}

interface Judged {
  state: string
  messageId: string
  times: number
  why: NotAgain | null
}

/** SQL: why the receipt mail `m` is not sent again; null when it is. A refused mail left nobody, so it is asked for without a limit. */
export const WHY_NOT_AGAIN = `case when m.kind <> 'receipt' or m.state not in ('sent', 'failed') then 'none'
  when m.state = 'sent' and m.sent_at > now() - interval '${MAIL_AGAIN.pauseMinutes} minutes' then 'soon'
  when m.state = 'sent' and (select count(*) from email_again a where a.email_id = m.id and a.asked_at > now() - interval '24 hours') >= ${MAIL_AGAIN.most}
    then 'often' end`

/**
 * Makes a receipt mail of this cart pending and unclaimed, so that it is sent again, and notes who asked. A mail that was refused keeps its
 * Message-ID; one that left gets the next, because mail programs drop a message that they know. Nothing else makes a mail that left pending:
 * the database refuses the move without the row that names the person. Safe to repeat, because the mail is not `sent` any more.
 */
export async function askMailAgain(
  db: Knex,
  { cartId, mailId, by, of }: AskedMail,
): Promise<'asked' | NotAgain> {
  return db.transaction(async (trx) => {
    const mail = await judged(trx, { cartId, mailId })
    if (!mail) return 'none'
    if (mail.why !== null) return mail.why
    const hasLeft = mail.state === 'sent'
    if (hasLeft)
      await trx('email_again').insert({ message_id: mail.messageId, email_id: mailId, asked_by: by.id })
    await trx('email')
      .where({ id: mailId })
      .update({
        state: 'pending',
        claimed_by: null,
        in_doubt: 0,
        next_try_at: trx.fn.now(),
        ...(hasLeft ? { message_id: nextMessageId(mail) } : {}),
      })
    await noteEvent(trx, { ...of, kind: 'mail_again', data: { ...signedBy(by), mailId } })
    return 'asked'
  })
}

const judged = (
  trx: Knex,
  { cartId, mailId }: Pick<AskedMail, 'cartId' | 'mailId'>,
): Promise<Judged | undefined> =>
  rowOf<Judged>(
    trx('email as m')
      .first({
        state: 'm.state',
        messageId: 'm.message_id',
        times: trx.raw('(select count(*)::int from email_again a where a.email_id = m.id)'),
        why: trx.raw(WHY_NOT_AGAIN),
      })
      .where({ 'm.id': mailId, 'm.cart_id': cartId })
      .forUpdate('m'),
  )

/** "<x@host>" becomes "<x.again2@host>" for the second time, and so on. */
const nextMessageId = ({ messageId, times }: Judged): string =>
  messageId.replace(/(?:\.again\d+)?@/, `.again${times + 2}@`)

/** The cart about whose receipt a mail is; undefined when there is none. */
export async function cartOfMail(db: Knex, mailId: string): Promise<string | undefined> {
  const row = await rowOf<{ cartId: string | null }>(
    db('email').first({ cartId: 'cart_id' }).where({ id: mailId, kind: 'receipt' }),
  )
  return row?.cartId ?? undefined
}
