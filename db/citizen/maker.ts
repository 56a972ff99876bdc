import type { Knex } from 'knex'
import { lockName } from '../ground/lock-name.ts'

/** The person who makes a spontaneous due. */
export interface Maker {
  /** Codice fiscale, when the person has signed in. */
  account?: string | undefined
  /** Keyed hashes of the proved address, of its mailbox and of the client's network. */
  address: Buffer
  mailbox: Buffer
  network: Buffer
}

/** What a visitor has proved: the account that he signed in with, and keyed hashes of his addresses. */
export interface Proofs {
  account: string | null
  addresses: readonly Buffer[]
}

/** SQL condition: the visitor with these proofs made the due `d`. `proved` gives its bindings. */
export const MADE_BY = `exists (select from due_maker m where m.due_id = d.id
  and (m.account = ? or m.address = any (?::bytea[])))`

export const proved = ({ account, addresses }: Proofs): Knex.RawBinding[] => [account, [...addresses]]

/**
 * SQL condition: the due `d` comes from its ente, or its pagatore made it while signed in. It excludes a due that a stranger made in his
 * name.
 */
export const IS_OWN = `(not d.spontaneous or exists (select from due_maker m
  where m.due_id = d.id and m.account = d.pagatore_codice))`

/** Stores who made a due. With an account the address is not stored, because the account is the better proof. */
export async function insertMaker(trx: Knex, dueId: string, maker: Maker): Promise<void> {
  const { account, address, mailbox, network } = maker
  const who = account === undefined ? { account: null, address } : { account, address: null }
  await trx('due_maker').insert({ due_id: dueId, ...who, mailbox, network })
}

/** How many unpaid notices may be made in an hour, per mailbox, per person they are for, and per network. */
export interface NoticeLimits {
  mailbox: number
  person: number
  network: number
}

export interface FullLimit {
  limit: keyof NoticeLimits
  most: number
  /** Seconds until one more may be made. */
  seconds: number
}

export interface WantedNotice {
  /** Has no mailbox when no address is proved yet. */
  maker: Pick<Maker, 'account' | 'network'> & { mailbox?: Buffer }
  /**
   * Codice fiscale of the pagatore. Undefined for ANONIMO, which is not counted per person: one count for all anonymous dues would stop
   * all of them.
   */
  codice: string | undefined
}

/**
 * The first limit that one more unpaid notice would exceed, or undefined. Called in the transaction that makes the notice: its locks make
 * a second one at the same time wait and count the first. A pagatore who has signed in is counted by the notices that he made himself, so
 * that strangers who make notices for him do not use up his limit.
 */
export async function fullNoticeLimit(
  trx: Knex,
  { maker, codice }: WantedNotice,
  limits: NoticeLimits,
): Promise<FullLimit | undefined> {
  const { account, mailbox, network } = maker
  const counts: Count[] = []
  if (mailbox) counts.push({ limit: 'mailbox', where: 'm.mailbox = ?', value: mailbox })
  if (codice !== undefined)
    counts.push({ limit: 'person', where: account === codice ? OWN : OTHERS, value: codice })
  counts.push({ limit: 'network', where: 'm.network = ?', value: network })
  await lockCounts(trx, counts)
  for (const count of counts) {
    const most = limits[count.limit]
    const seconds = await secondsUntilRoom(trx, count, most)
    if (seconds !== undefined) return { limit: count.limit, most, seconds }
  }
  return undefined
}

interface Count {
  limit: keyof NoticeLimits
  where: string
  value: Buffer | string
}

const OWN = 'd.pagatore_codice = ? and m.account = d.pagatore_codice'
const OTHERS = 'd.pagatore_codice = ? and m.account is distinct from d.pagatore_codice'

/** Takes the locks in the order of their names, so that two transactions cannot deadlock. */
async function lockCounts(trx: Knex, counts: readonly Count[]): Promise<void> {
  const names = counts.map(({ limit, value }) => `notices:${limit}:${Buffer.from(value).toString('hex')}`)
  for (const name of names.sort()) await lockName(trx, name)
}

/** Seconds until the oldest of the last `most` notices is an hour old; undefined when fewer were made within the hour. */
async function secondsUntilRoom(
  trx: Knex,
  { where, value }: Count,
  most: number,
): Promise<number | undefined> {
  const { rows } = await trx.raw<{ rows: { seconds: number }[] }>(
    `select ceil(extract(epoch from m.made_at + interval '1 hour' - now()))::int as seconds
     from due_maker m join due d on d.id = m.due_id
     where ${where} and m.made_at > now() - interval '1 hour' and d.iuv is not null and d.state <> 'paid'
     order by m.made_at desc offset ? limit 1`,
    [value, most - 1],
  )
  return rows[0]?.seconds
}
