import { createHash, randomBytes } from 'node:crypto'
import type { Knex } from 'knex'

export interface NewLink {
  address: string
  draft: object
  minutes: number
  mailHost: string
  language: string
}

/**
 * Keeps a draft until its address is proved. Only the hash of the 256-bit token stays; the token itself rests in the
 * mail's row until the mail has left. Call inside a transaction.
 */
export async function insertEmailLink(trx: Knex, link: NewLink): Promise<{ mailId: string }> {
  const token = randomBytes(32).toString('base64url')
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `insert into email_link (token_hash, address, draft, expires_at)
     values (?, ?, ?, now() + ? * interval '1 minute') returning id`,
    [hashOf(token), link.address, JSON.stringify(link.draft), link.minutes],
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
}

export type LinkState = 'good' | 'used' | 'expired' | 'unknown'

/** Whether the link may still be used, by the database's clock. Changes nothing: mail scanners open links. */
export async function lookAtLink(db: Knex, token: string): Promise<LinkState> {
  const { rows } = await db.raw<{ rows: { state: LinkState }[] }>(
    `select case when used_at is not null then 'used' when expires_at <= now() then 'expired' else 'good' end as state
     from email_link where token_hash = ?`,
    [hashOf(token)],
  )
  return rows[0]?.state ?? 'unknown'
}

/** Uses the link up: of two clicks one gets the draft. Rolled back with the caller's transaction. */
export async function useLink(trx: Knex, token: string): Promise<ProvedLink | undefined> {
  const [row] = (await trx('email_link')
    .where({ token_hash: hashOf(token) })
    .whereNull('used_at')
    .where('expires_at', '>', trx.fn.now())
    .update({ used_at: trx.fn.now() })
    .returning(['address', 'draft'])) as ProvedLink[]
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
