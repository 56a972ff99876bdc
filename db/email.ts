import type { Knex } from 'knex'

export interface ClaimedMail {
  id: string
  kind: 'receipt' | 'link'
  address: string
  messageId: string
  rtId: string | null
  cartId: string | null
  secret: string | null
  tries: number
}

/**
 * A claim that remembers its claimer: the same process may claim again after dying, nobody else can while it is pending.
 * `nextTryIn` (ms) is when the sweep may suspect that the claimer is gone.
 */
export async function claimMail(
  db: Knex,
  { mailId, claimer, nextTryIn }: { mailId: string; claimer: string; nextTryIn: number },
): Promise<ClaimedMail | undefined> {
  const { rows } = await db.raw<{ rows: ClaimedMail[] }>(
    `update email set claimed_by = ?, tries = tries + 1, next_try_at = now() + ? * interval '1 millisecond'
     where id = ? and state = 'pending' and (claimed_by is null or claimed_by = ?)
     returning id, kind, address, message_id as "messageId", rt_id as "rtId", cart_id as "cartId", secret, tries`,
    [claimer, nextTryIn, mailId, claimer],
  )
  return rows[0]
}

/** `last_answer` is the server's own words, without addresses. The link's token goes with the mail. */
export async function recordSent(db: Knex, mailId: string, answer: string): Promise<void> {
  await db('email')
    .where({ id: mailId, state: 'pending' })
    .update({ state: 'sent', sent_at: db.fn.now(), last_answer: answer, secret: null })
}

export async function recordRefused(db: Knex, mailId: string, answer: string): Promise<void> {
  await db('email')
    .where({ id: mailId, state: 'pending' })
    .update({ state: 'failed', last_answer: answer, secret: null })
}

export async function recordAttempt(db: Knex, mailId: string, answer: string): Promise<void> {
  await db('email').where({ id: mailId, state: 'pending' }).update({ last_answer: answer })
}

/** What a link mail says of the link, by the database's clock. */
export async function linkOfMail(db: Knex, mailId: string): Promise<{ enteName: string; expiresAt: string }> {
  const { rows } = await db.raw<{ rows: { enteName: string; expiresAt: string }[] }>(
    `select coalesce(l.draft ->> 'enteName', 'MyPay') as "enteName", l.expires_at as "expiresAt"
     from email m join email_link l on l.id = m.email_link_id where m.id = ?`,
    [mailId],
  )
  return rows[0]!
}
