import { createHash, randomBytes, randomInt, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import { promisify } from 'node:util'
import type { Knex } from 'knex'
import {
  dropPreviousPassword,
  findClient,
  insertPassword,
  lockClient,
  noteUse,
  replacePassword,
  type KnownClient,
} from '../../db/ente/api-client.ts'
import { noteConfiguration } from '../../db/ente/configuration.ts'
import type { Author } from '../../db/ente/configured.ts'
import { hasSoftware } from '../../db/ente/operator.ts'

interface ByWhom {
  enteId: string
  by: Author
  /** The word for this change in its event. */
  what: string
}

/**
 * Makes a new password and stores its hash. The previous password stays valid too. When two are valid already and the newest was never
 * used, it is replaced, because it was lost or the button was pressed twice. `in_use`: two are valid and the newest is in use, so the
 * older one must be removed first.
 */
export async function makePassword(
  db: Knex,
  { enteId, by, what }: ByWhom,
): Promise<{ kind: 'made'; password: string } | { kind: 'in_use' }> {
  return db.transaction(async (trx) => {
    const client = await lockClient(trx, enteId)
    const hasTwo = client?.previousAt != null
    if (hasTwo && client.passwordUsedAt !== null) return { kind: 'in_use' }
    const password = randomPassword()
    const salt = client?.salt ?? randomBytes(SALT_BYTES)
    const hash = await digestOf(password, salt)
    if (client) await replacePassword(trx, { enteId, hash, keepsCurrent: !hasTwo })
    else await insertPassword(trx, { enteId, salt, hash })
    await noteConfiguration(trx, { table: 'ente', id: enteId, by, what: { what } })
    return { kind: 'made', password }
  })
}

/** Removes the previous password if it was made at `seenAt`; `stale` when it is another one. Safe to repeat. */
export async function retirePassword(
  db: Knex,
  { enteId, by, what, seenAt }: ByWhom & { seenAt: string },
): Promise<'retired' | 'stale'> {
  return db.transaction(async (trx) => {
    const client = await lockClient(trx, enteId)
    if (!client?.previousAt) return 'retired'
    if (client.previousAt !== seenAt) return 'stale'
    await dropPreviousPassword(trx, enteId)
    await noteConfiguration(trx, { table: 'ente', id: enteId, by, what: { what } })
    return 'retired'
  })
}

/** An ente whose software called with one of its passwords. */
export interface SoftwareEnte extends Pick<
  KnownClient,
  'id' | 'codIpa' | 'codiceFiscale' | 'state' | 'adhesion'
> {
  /** A name for the password that was used. Links and tokens made for it stop working when the password is removed. */
  credential: string
}

/**
 * The ente whose software called, if the password is right. It takes the same time for an unknown ente, an ente without a password and a
 * wrong password, so that a caller cannot distinguish them.
 */
export async function admitSoftware(
  db: Knex,
  { codIpa, password }: { codIpa: string; password: string },
): Promise<SoftwareEnte | undefined> {
  const client = await findClient(db, { codIpa })
  const digest = await digestOf(password, client?.salt ?? NO_SALT)
  const isCurrent = timingSafeEqual(digest, client?.passwordHash ?? NO_PASSWORD)
  const isPrevious = timingSafeEqual(digest, client?.previousHash ?? NO_PASSWORD)
  if (!client || (!isCurrent && !isPrevious)) return undefined
  await noteUse(db, client.id, isCurrent ? 'current' : 'previous')
  const { id, codiceFiscale, state, adhesion } = client
  return { id, codIpa: client.codIpa, codiceFiscale, state, adhesion, credential: credentialOf(digest) }
}

/** A name for one of the two passwords of an ente, from which neither the password nor its stored hash can be computed. */
const credentialOf = (hash: Buffer): string =>
  createHash('sha256').update('credential ').update(hash).digest('base64url').slice(0, 22)

/** The ente, if `credential` names one of its valid passwords and its software may still call. */
export async function findCredential(
  db: Knex,
  ente: { id: string } | { codIpa: string },
  credential: string,
): Promise<{ id: string } | undefined> {
  const client = await findClient(db, ente)
  if (!client || client.state === 'INSERITO' || !hasSoftware(client.adhesion)) return undefined
  const valid = [client.passwordHash, client.previousHash].map((hash) => hash && credentialOf(hash))
  return valid.includes(credential) ? { id: client.id } : undefined
}

/** Stores a chosen password for an ente of the demo. Does nothing when the ente has one, so that a changed password stays. */
export async function seedPassword(
  trx: Knex,
  { enteId, password }: { enteId: string; password: string },
): Promise<void> {
  if (await lockClient(trx, enteId)) return
  const salt = randomBytes(SALT_BYTES)
  await insertPassword(trx, { enteId, salt, hash: await digestOf(password, salt) })
}

const SALT_BYTES = 16
const HASH_BYTES = 32
const NO_SALT = randomBytes(SALT_BYTES)
/** Random bytes that match no password, so that an unknown ente takes the same time as a wrong password. */
const NO_PASSWORD = randomBytes(HASH_BYTES)

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)
/** A quarter of the usual cost is enough, because these passwords are random and have 86 bits. */
const COST = { N: 2 ** 12 }

/** Digests are computed one after the other, so that many wrong guesses leave a processor free for receipts of the node. */
let turn: Promise<unknown> = Promise.resolve()
function digestOf(password: string, salt: Buffer): Promise<Buffer> {
  const mine = turn.then(() => derive(password, salt, HASH_BYTES, COST))
  turn = mine.catch(() => undefined)
  return mine
}

/** Letters and digits without those that look like others. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
/** The largest length of `stPassword` in the web services; it gives 86 bits. */
const PASSWORD_LENGTH = 15

const randomPassword = (): string =>
  Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]!).join('')
