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
  /** For the register. */
  what: string
}

/**
 * Makes a new password; only its hash is stored. The one before remains valid beside it. While two are valid, a newest that was never used
 * is replaced, because it was lost or the button was pressed twice. `in_use`: both may be in use, and one must be removed first.
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

/** Removes the previous password if it is the one made at `seenAt`; `stale` when it is another one. Repeating it changes nothing. */
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
  /** Names the password that was used: what is given for it ends when the password is removed. */
  credential: string
}

/** Takes as long for an ente that does not exist, has no password or has another one, so that nobody can tell these apart. */
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

/** The ente whose software was given something for a password that is still valid there, and may still call. */
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

/** A password that a person chose: for the demo, once. One that was removed or changed since does not come back. */
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
/** Random bytes that match no password: an unknown ente costs the same time as a wrong password. */
const NO_PASSWORD = randomBytes(HASH_BYTES)

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)
/** A quarter of the usual cost, because these passwords are random: their 86 bits are safe by themselves. */
const COST = { N: 2 ** 12 }

/** Digests are made one after the other, so that however many callers guess, the receipts of the node find a free processor. */
let turn: Promise<unknown> = Promise.resolve()
function digestOf(password: string, salt: Buffer): Promise<Buffer> {
  const mine = turn.then(() => derive(password, salt, HASH_BYTES, COST))
  turn = mine.catch(() => undefined)
  return mine
}

/** Without the characters that people mistake for others. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
/** The longest that `stPassword` of the web services takes: 86 bits. */
const PASSWORD_LENGTH = 15

const randomPassword = (): string =>
  Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]!).join('')
