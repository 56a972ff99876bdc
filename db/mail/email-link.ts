import { createHash, randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { insertedId, rowOf } from '../ground/rows.ts'

export interface NewLink {
  address: string
  draft: object
  /** How long the link is valid. */
  minutes: number
  mailHost: string
  language: string
  /** Codice fiscale of the person, when he has signed in. */
  askedBy?: string | undefined
}

/**
 * Stores a draft until its address is proved, and the mail with the link. The link has a token of 256 bits, of which only the hash is
 * stored; the token itself stays in the row of the mail until that is sent. Call it inside a transaction.
 */
export async function insertEmailLink(trx: Knex, link: NewLink): Promise<{ mailId: string }> {
  const token = randomBytes(32).toString('base64url')
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `insert into email_link (token_hash, address, draft, expires_at, asked_by)
     values (?, ?, ?, now() + ? * interval '1 minute', ?) returning id`,
    [hashOf(token), link.address, JSON.stringify(link.draft), link.minutes, link.askedBy ?? null],
  )
  const linkId = rows[0]!.id
  const mailId = await insertedId(
    trx('email')
      .insert({
        kind: 'link',
        email_link_id: linkId,
        secret: token,
        address: link.address,
        language: link.language,
        message_id: `<link.${linkId}@${link.mailHost}>`,
      })
      .returning('id'),
  )
  return { mailId }
}

export interface ProvedLink {
  address: string
  draft: unknown
  /** Codice fiscale of the account that requested the link; null without sign-in. */
  askedBy: string | null
}

export type LinkState = 'good' | 'used' | 'expired' | 'unknown'

export type LookedAt = Pick<ProvedLink, 'askedBy'> & {
  state: LinkState
  address: string | null
  isNotice: boolean
}

/** The state of a link by the clock of the database. It does not use the link up, because scanners of mail servers open links too. */
export async function lookAtLink(db: Knex, token: string): Promise<LookedAt> {
  const { rows } = await db.raw<{ rows: LookedAt[] }>(
    `select case when used_at is not null then 'used' when expires_at <= now() then 'expired' else 'good' end as state,
       address, asked_by as "askedBy", coalesce(draft ->> 'wants' = 'notice', false) as "isNotice"
     from email_link where token_hash = ?`,
    [hashOf(token)],
  )
  return rows[0] ?? { state: 'unknown', address: null, askedBy: null, isNotice: false }
}

/** Prolongs a valid link that cannot be used for the next `seconds`, so that it is valid for `minutes` after that. */
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

/**
 * Marks a valid link as used and returns its draft; undefined when it is used, expired or unknown. Of two calls at once only one gets the
 * draft. A rollback of the caller's transaction makes the link valid again.
 */
export const useLink = (trx: Knex, token: string): Promise<ProvedLink | undefined> =>
  rowOf<ProvedLink>(
    trx('email_link')
      .where({ token_hash: hashOf(token) })
      .whereNull('used_at')
      .where('expires_at', '>', trx.fn.now())
      .update({ used_at: trx.fn.now() })
      .returning(['address', 'draft', 'asked_by as askedBy']),
  )

/** Stores in a used link which cart it opened. */
export async function keepLinkCart(trx: Knex, token: string, cartId: string): Promise<void> {
  await trx('email_link')
    .where({ token_hash: hashOf(token) })
    .update({ cart_id: cartId })
}

/** The cart that a link opened, or that its draft changes; undefined when there is none. */
export async function cartOfLink(db: Knex, token: string): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { cartId: string | null }[] }>(
    `select coalesce(cart_id, (draft ->> 'cartId')::uuid) as "cartId" from email_link where token_hash = ?`,
    [hashOf(token)],
  )
  return rows[0]?.cartId ?? undefined
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()
