import { createHash, randomBytes } from 'node:crypto'
import type { Knex } from 'knex'

export interface NewLink {
  address: string
  draft: object
  minutes: number
  mailHost: string
  language: string
  /** Fiscal code of who asks, when he has signed in. */
  askedBy?: string | undefined
}

/**
 * Keeps a draft until its address is proved. Only the hash of the 256-bit token stays; the token itself rests in the
 * mail's row until the mail has left. Call inside a transaction.
 */
export async function insertEmailLink(trx: Knex, link: NewLink): Promise<{ mailId: string }> {
  const token = randomBytes(32).toString('base64url')
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `insert into email_link (token_hash, address, draft, expires_at, asked_by)
     values (?, ?, ?, now() + ? * interval '1 minute', ?) returning id`,
    [hashOf(token), link.address, JSON.stringify(link.draft), link.minutes, link.askedBy ?? null],
  )
  const linkId = rows[0]!.id
  const [mail] = (await trx('email')
    .insert({
      kind: 'link',
      email_link_id: linkId,
      secret: token,
      address: link.address,
      language: link.language,
      message_id: `<link.${linkId}@${link.mailHost}>`,
    })
    .returning('id')) as { id: string }[]
  return { mailId: mail!.id }
}

export interface ProvedLink {
  address: string
  draft: unknown
  /** Fiscal code of the account that asked for it. */
  askedBy: string | null
}

export type LinkState = 'good' | 'used' | 'expired' | 'unknown'

export type LookedAt = Pick<ProvedLink, 'askedBy'> & { state: LinkState; address: string | null }

/** Whether the link may still be used, by the database's clock. Changes nothing: mail scanners open links. */
export async function lookAtLink(db: Knex, token: string): Promise<LookedAt> {
  const { rows } = await db.raw<{ rows: LookedAt[] }>(
    `select case when used_at is not null then 'used' when expires_at <= now() then 'expired' else 'good' end as state,
       address, asked_by as "askedBy"
     from email_link where token_hash = ?`,
    [hashOf(token)],
  )
  return rows[0] ?? { state: 'unknown', address: null, askedBy: null }
}

/** A link that could not be used for now stays good until some minutes after it can. */
export async function prolongLink(
  db: Knex,
  token: string,
  { seconds, minutes }: { seconds: number; minutes: number },
): Promise<void> {
  await db.raw(
    `update email_link set expires_at = greatest(expires_at, now() + ? * interval '1 second' + ? * interval '1 minute')
     where token_hash = ? and used_at is null and expires_at > now()`,
    [seconds, minutes, hashOf(token)],
  )
}

/** Uses the link up: of two clicks one gets the draft. Rolled back with the caller's transaction. */
export async function useLink(trx: Knex, token: string): Promise<ProvedLink | undefined> {
  const [row] = (await trx('email_link')
    .where({ token_hash: hashOf(token) })
    .whereNull('used_at')
    .where('expires_at', '>', trx.fn.now())
    .update({ used_at: trx.fn.now() })
    .returning(['address', 'draft', 'asked_by as askedBy'])) as ProvedLink[]
  return row
}

/** What a used link opened. */
export async function keepLinkCart(trx: Knex, token: string, cartId: string): Promise<void> {
  await trx('email_link')
    .where({ token_hash: hashOf(token) })
    .update({ cart_id: cartId })
}

/** The cart that a link opened, or was to change; undefined when it opened none. */
export async function cartOfLink(db: Knex, token: string): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { cartId: string | null }[] }>(
    `select coalesce(cart_id, (draft ->> 'cartId')::uuid) as "cartId" from email_link where token_hash = ?`,
    [hashOf(token)],
  )
  return rows[0]?.cartId ?? undefined
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()
