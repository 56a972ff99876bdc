import type { Knex } from 'knex'
import type { EnteState } from '../../domain/states.ts'
import { rowOf } from '../ground/rows.ts'
import type { Adhesion } from '../../domain/ente/ente.ts'

/** When the passwords of the software of an ente were made, and when they were last used, exact to the hour. */
export interface ApiClient {
  passwordAt: string
  passwordUsedAt: string | null
  /** Null when only one password is valid. */
  previousAt: string | null
  previousUsedAt: string | null
}

const SHOWN: Record<keyof ApiClient, string> = {
  passwordAt: 'password_at',
  passwordUsedAt: 'password_used_at',
  previousAt: 'previous_at',
  previousUsedAt: 'previous_used_at',
}

export const findApiClient = (db: Knex, enteId: string): Promise<ApiClient | undefined> =>
  rowOf<ApiClient>(db('api_client').first(SHOWN).where({ ente_id: enteId }))

export interface LockedClient extends ApiClient {
  salt: Buffer
}

/**
 * Reads the passwords of an ente under lock; undefined when none was ever made. Locks the row of the ente, because that exists before
 * the first password too.
 */
export async function lockClient(trx: Knex, enteId: string): Promise<LockedClient | undefined> {
  await trx('ente').first('id').where({ id: enteId }).forNoKeyUpdate()
  return rowOf<LockedClient>(
    trx('api_client')
      .first({ ...SHOWN, salt: 'salt' })
      .where({ ente_id: enteId }),
  )
}

interface NewPassword {
  enteId: string
  salt: Buffer
  hash: Buffer
}

/** Stores the first password of an ente, and does nothing when the ente has one. */
export async function insertPassword(trx: Knex, { enteId, salt, hash }: NewPassword): Promise<void> {
  const row = { ente_id: enteId, salt, password_hash: hash }
  await trx('api_client').insert(row).onConflict('ente_id').ignore()
}

/**
 * Replaces the current password.
 * @param keepsCurrent true: the password that was valid until now stays valid as the previous one
 */
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

export const findClient = (
  db: Knex,
  ente: { id: string } | { codIpa: string },
): Promise<KnownClient | undefined> =>
  rowOf<KnownClient>(
    db('ente as e')
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
      .where('id' in ente ? { 'e.id': ente.id } : { 'e.cod_ipa': ente.codIpa }),
  )

/** Records that a password was used, once an hour at most, because every call of the software would write otherwise. */
export async function noteUse(db: Knex, enteId: string, which: 'current' | 'previous'): Promise<void> {
  const column = which === 'current' ? 'password_used_at' : 'previous_used_at'
  await db.raw(
    `update api_client set ?? = now() where ente_id = ? and coalesce(??, '-infinity') < now() - interval '1 hour'
       and (? = 'current' or previous_hash is not null)`,
    [column, enteId, column, which],
  )
}
