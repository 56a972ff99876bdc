import { createHash, randomBytes, randomInt, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import { promisify } from 'node:util'
import type { Knex } from 'knex'
import type { EnteState } from '../../domain/states.ts'
import { noteConfiguration } from './configuration.ts'
import type { Author } from './configured.ts'
import { hasSoftware, type Adhesion } from './operator.ts'

/** When the passwords of an ente's software were made and, to the hour, last said. */
export interface ApiClient {
  passwordAt: string
  passwordUsedAt: string | null
  /** Null: only one password is valid. */
  previousAt: string | null
  previousUsedAt: string | null
}

const SHOWN: Record<keyof ApiClient, string> = {
  passwordAt: 'password_at',
  passwordUsedAt: 'password_used_at',
  previousAt: 'previous_at',
  previousUsedAt: 'previous_used_at',
}

export async function findApiClient(db: Knex, enteId: string): Promise<ApiClient | undefined> {
  return (await db('api_client').first(SHOWN).where({ ente_id: enteId })) as ApiClient | undefined
}

interface ByWhom {
  enteId: string
  by: Author
  /** For the register. */
  what: string
}

/**
 * A new password; only its hash stays. The one before remains valid beside it. While two are valid, a newest that nobody has said yet is
 * replaced (it was lost, or the button was pressed twice); `in_use` when both may be in use: one must be taken away first.
 */
export async function makePassword(
  db: Knex,
  { enteId, by, what }: ByWhom,
): Promise<{ kind: 'made'; password: string } | { kind: 'in_use' }> {
  return db.transaction(async (trx) => {
    const client = await lockClient(trx, enteId)
    if (client?.previous_hash && client.password_used_at) return { kind: 'in_use' }
    const password = randomPassword()
    const salt = client?.salt ?? randomBytes(SALT_BYTES)
    const made = {
      password_hash: await digestOf(password, salt),
      password_at: trx.fn.now(),
      password_used_at: null,
    }
    if (!client) await trx('api_client').insert({ ente_id: enteId, salt, ...made })
    else
      await trx('api_client')
        .where({ ente_id: enteId })
        .update({ ...made, ...(client.previous_hash ? {} : PREVIOUS_IS_CURRENT(trx)) })
    await noteConfiguration(trx, { table: 'ente', id: enteId, by, what: { what } })
    return { kind: 'made', password }
  })
}

const PREVIOUS_IS_CURRENT = (trx: Knex) => ({
  previous_hash: trx.ref('password_hash'),
  previous_at: trx.ref('password_at'),
  previous_used_at: trx.ref('password_used_at'),
})

/** Takes the previous password away, if it is the one made at `seenAt`; `stale` when it is another one. Repeating it changes nothing. */
export async function retirePassword(
  db: Knex,
  { enteId, by, what, seenAt }: ByWhom & { seenAt: string },
): Promise<'retired' | 'stale'> {
  return db.transaction(async (trx) => {
    const client = await lockClient(trx, enteId)
    if (!client?.previous_at) return 'retired'
    if (client.previous_at !== seenAt) return 'stale'
    await trx('api_client')
      .where({ ente_id: enteId })
      .update({ previous_hash: null, previous_at: null, previous_used_at: null })
    await noteConfiguration(trx, { table: 'ente', id: enteId, by, what: { what } })
    return 'retired'
  })
}

interface ClientRow {
  salt: Buffer
  password_hash: Buffer
  password_used_at: string | null
  previous_hash: Buffer | null
  previous_at: string | null
}

/** By the ente, which is there also before its first password. */
async function lockClient(trx: Knex, enteId: string): Promise<ClientRow | undefined> {
  await trx('ente').first('id').where({ id: enteId }).forNoKeyUpdate()
  return (await trx('api_client').first('*').where({ ente_id: enteId })) as ClientRow | undefined
}

/** An ente whose software said one of its passwords. */
export interface SoftwareEnte {
  id: string
  codIpa: string
  codiceFiscale: string
  state: EnteState
  adhesion: readonly Adhesion[]
  /** Names the password that was said: what is given for it ends when it is taken away. */
  credential: string
}

interface Hashes {
  passwordHash: Buffer | null
  previousHash: Buffer | null
}
type Admission = Omit<SoftwareEnte, 'credential'> & Hashes & { salt: Buffer | null }

/** Takes as long for an ente that is not there, has no password or another one: none of these can be told from the others. */
export async function admitSoftware(
  db: Knex,
  { codIpa, password }: { codIpa: string; password: string },
): Promise<SoftwareEnte | undefined> {
  const row = (await db('ente as e')
    .leftJoin('api_client as c', 'c.ente_id', 'e.id')
    .first({
      id: 'e.id',
      codIpa: 'e.cod_ipa',
      codiceFiscale: 'e.codice_fiscale',
      state: 'e.state',
      adhesion: 'e.adhesion',
      salt: 'c.salt',
      passwordHash: 'c.password_hash',
      previousHash: 'c.previous_hash',
    })
    .where({ 'e.cod_ipa': codIpa })) as Admission | undefined
  const digest = await digestOf(password, row?.salt ?? NOBODYS_SALT)
  const isPassword = timingSafeEqual(digest, row?.passwordHash ?? NOBODYS_HASH)
  const isPrevious = timingSafeEqual(digest, row?.previousHash ?? NOBODYS_HASH)
  if (!row || (!isPassword && !isPrevious)) return undefined
  await noteUse(db, row.id, isPassword ? 'password_used_at' : 'previous_used_at')
  const { id, codiceFiscale, state, adhesion } = row
  return { id, codIpa: row.codIpa, codiceFiscale, state, adhesion, credential: credentialOf(digest) }
}

/** Of one of the two passwords of an ente; tells nothing of it, nor of what is stored. */
const credentialOf = (hash: Buffer): string =>
  createHash('sha256').update('credential ').update(hash).digest('base64url').slice(0, 22)

/** The ente whose software was given something for a password that is still valid there, and may still call. */
export async function findCredential(
  db: Knex,
  ente: { id: string } | { codIpa: string },
  credential: string,
): Promise<{ id: string } | undefined> {
  const row = (await db('ente as e')
    .join('api_client as c', 'c.ente_id', 'e.id')
    .first({
      id: 'e.id',
      state: 'e.state',
      adhesion: 'e.adhesion',
      passwordHash: 'c.password_hash',
      previousHash: 'c.previous_hash',
    })
    .where('id' in ente ? { 'e.id': ente.id } : { 'e.cod_ipa': ente.codIpa })) as
    (Pick<SoftwareEnte, 'id' | 'state' | 'adhesion'> & Hashes) | undefined
  if (!row || row.state === 'INSERITO' || !hasSoftware(row.adhesion)) return undefined
  const valid = [row.passwordHash, row.previousHash].map((hash) => hash && credentialOf(hash))
  return valid.includes(credential) ? { id: row.id } : undefined
}

/** Once an hour: a call of software is no reason to write. */
async function noteUse(
  db: Knex,
  enteId: string,
  column: 'password_used_at' | 'previous_used_at',
): Promise<void> {
  await db.raw(
    `update api_client set ?? = now() where ente_id = ? and coalesce(??, '-infinity') < now() - interval '1 hour'
       and (? = 'password_used_at' or previous_hash is not null)`,
    [column, enteId, column, column],
  )
}

/** A password that somebody chose: for the demo, once. What was taken away or changed since does not come back. */
export async function seedPassword(
  trx: Knex,
  { enteId, password }: { enteId: string; password: string },
): Promise<void> {
  if (await trx('api_client').first('ente_id').where({ ente_id: enteId })) return
  const salt = randomBytes(SALT_BYTES)
  const row = { ente_id: enteId, salt, password_hash: await digestOf(password, salt) }
  await trx('api_client').insert(row).onConflict('ente_id').ignore()
}

const SALT_BYTES = 16
const HASH_BYTES = 32
const NOBODYS_SALT = randomBytes(SALT_BYTES)
/** Of no password: no digest is found that equals it. */
const NOBODYS_HASH = randomBytes(HASH_BYTES)

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)
/** A quarter of the usual: chance makes these passwords, and 86 bits are safe by themselves. */
const COST = { N: 2 ** 12 }

/** One after the other: however many guess, the receipts of the node find a processor free. */
let turn: Promise<unknown> = Promise.resolve()
function digestOf(password: string, salt: Buffer): Promise<Buffer> {
  const mine = turn.then(() => derive(password, salt, HASH_BYTES, COST))
  turn = mine.catch(() => undefined)
  return mine
}

/** Without the characters that people mistake for others. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
/** The most that `stPassword` of the web services takes: 86 bits. */
const PASSWORD_LENGTH = 15

const randomPassword = (): string =>
  Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]!).join('')
