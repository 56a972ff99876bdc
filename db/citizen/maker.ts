import type { Knex } from 'knex'

/** Who makes a spontaneous due. */
export interface Maker {
  /** Fiscal code of who had signed in. */
  account?: string | undefined
  /** Keyed hashes: the address that was proved, the mailbox behind it, the client's network. */
  address: Buffer
  mailbox: Buffer
  network: Buffer
}

/** What somebody can prove to be. */
export interface Proofs {
  account: string | null
  addresses: readonly Buffer[]
}

/** The due `d` was made by who has these proofs. Its bindings are those of `proved`. */
export const MADE_BY = `exists (select from due_maker m where m.due_id = d.id
  and (m.account = ? or m.address = any (?::bytea[])))`

export const proved = ({ account, addresses }: Proofs): Knex.RawBinding[] => [account, [...addresses]]

/** The due `d` is of its ente, or was made by its payer when signed in: what a stranger wrote is not his. */
export const IS_OWN = `(not d.spontaneous or exists (select from due_maker m
  where m.due_id = d.id and m.account = d.pagatore_codice))`

/** An account is a better proof than an address: of a due that has one, only the account is its maker. */
export async function insertMaker(trx: Knex, dueId: string, maker: Maker): Promise<void> {
  const { account, address, mailbox, network } = maker
  const who = account === undefined ? { account: null, address } : { account, address: null }
  await trx('due_maker').insert({ due_id: dueId, ...who, mailbox, network })
}

/** Unpaid notices that may be made in an hour. */
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
  /** Without a mailbox where none is proved yet. */
  maker: Pick<Maker, 'account' | 'network'> & { mailbox?: Buffer }
  /** Whose due it would be; undefined: nobody's, because one count for all of those would stop all. */
  codice: string | undefined
}

/**
 * Which limit leaves no room for one more unpaid notice. Inside the transaction that makes it, of two at once the second
 * waits and sees the first. Who signed in for himself is counted by what he made himself: strangers use up nothing of his.
 */
export async function fullNoticeLimit(
  trx: Knex,
  { maker, codice }: WantedNotice,
  limits: NoticeLimits,
): Promise<FullLimit | undefined> {
  const { account, mailbox, network } = maker
  const counts: Count[] = [
    ...(mailbox ? [{ limit: 'mailbox' as const, where: 'm.mailbox = ?', value: mailbox }] : []),
    ...(codice === undefined
      ? []
      : [{ limit: 'person' as const, where: account === codice ? OWN : OTHERS, value: codice }]),
    { limit: 'network', where: 'm.network = ?', value: network },
  ]
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

/** In one order, so that no two wait for each other. */
async function lockCounts(trx: Knex, counts: readonly Count[]): Promise<void> {
  const names = counts.map(({ limit, value }) => `notices:${limit}:${Buffer.from(value).toString('hex')}`)
  for (const name of names.sort())
    await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [name])
}

/** When the hour of the oldest of the last `most` ends; undefined: there are fewer. */
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
