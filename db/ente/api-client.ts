import type { Knex } from 'knex'
import type { EnteState } from '../../domain/states.ts'
import type { Adhesion } from './operator.ts'

/** When the passwords of an ente's software were made and, to the hour, last used. */
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

export interface LockedClient extends ApiClient {
  salt: Buffer
}

/** Locks the ente, because it is there also before its first password. Undefined: no password was ever made. */
export async function lockClient(trx: Knex, enteId: string): Promise<LockedClient | undefined> {
  await trx('ente').first('id').where({ id: enteId }).forNoKeyUpdate()
  return (await trx('api_client')
    .first({ ...SHOWN, salt: 'salt' })
    .where({ ente_id: enteId })) as LockedClient | undefined
}

interface NewPassword {
  enteId: string
  salt: Buffer
  hash: Buffer
}

/** The first password of an ente; nothing happens where there is one. */
export async function insertPassword(trx: Knex, { enteId, salt, hash }: NewPassword): Promise<void> {
  const row = { ente_id: enteId, salt, password_hash: hash }
  await trx('api_client').insert(row).onConflict('ente_id').ignore()
}

/** @param keepsCurrent the password of until now stays valid as the previous one */
export async function replacePassword(
  trx: Knex,
  { enteId, hash, keepsCurrent }: Omit<NewPassword, 'salt'> & { keepsCurrent: boolean },
): Promise<void> {
  const current = {
    previous_hash: trx.ref('password_hash'),
    previous_at: trx.ref('password_at'),
    previous_used_at: trx.ref('password_used_at'),
  }
  await trx('api_client')
    .where({ ente_id: enteId })
    .update({
      password_hash: hash,
      password_at: trx.fn.now(),
      password_used_at: null,
      ...(keepsCurrent ? current : {}),
    })
}

export async function dropPreviousPassword(trx: Knex, enteId: string): Promise<void> {
  await trx('api_client')
    .where({ ente_id: enteId })
    .update({ previous_hash: null, previous_at: null, previous_used_at: null })
}

/** An ente and the hashes of its passwords. */
export interface KnownClient {
  id: string
  codIpa: string
  codiceFiscale: string
  state: EnteState
  adhesion: readonly Adhesion[]
  salt: Buffer | null
  passwordHash: Buffer | null
  previousHash: Buffer | null
}

export async function findClient(
  db: Knex,
  ente: { id: string } | { codIpa: string },
): Promise<KnownClient | undefined> {
  return (await db('ente as e')
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
    .where('id' in ente ? { 'e.id': ente.id } : { 'e.cod_ipa': ente.codIpa })) as KnownClient | undefined
}

/** Once an hour, because a call of software is no reason to write. */
export async function noteUse(db: Knex, enteId: string, which: 'current' | 'previous'): Promise<void> {
  const column = which === 'current' ? 'password_used_at' : 'previous_used_at'
  await db.raw(
    `update api_client set ?? = now() where ente_id = ? and coalesce(??, '-infinity') < now() - interval '1 hour'
       and (? = 'current' or previous_hash is not null)`,
    [column, enteId, column, which],
  )
}
