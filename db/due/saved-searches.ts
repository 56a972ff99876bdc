import type { Knex } from 'knex'
import { uuidv7 } from '../ground/uuid.ts'
import { rowOf, rowsOf } from '../ground/rows.ts'
import { noteEvent, signedBy, type Actor } from '../journal/event.ts'

/** A search of dues that a person keeps under a name. */
export interface SavedSearch {
  id: string
  name: string
  /** The query of the address of the list, without "?". */
  query: string
}

/** The owner of saved searches. Each person has searches of their own at each ente. */
export interface SearchOwner {
  enteId: string
  by: Actor
}

/** The longest name of a search, in characters. */
export const MOST_NAME = 60
/** The longest query of a search, in characters. */
export const MOST_QUERY = 2_000
/** A person keeps at most this number of searches at an ente. */
export const MOST_SAVED = 20

/** The searches of a person at an ente, in order of name. */
export const savedSearches = (
  db: Knex,
  { enteId, operatorId }: { enteId: string; operatorId: string },
): Promise<SavedSearch[]> =>
  rowsOf<SavedSearch>(
    db('saved_search')
      .select('id', 'name', 'query')
      .where({ ente_id: enteId, operator_id: operatorId })
      .orderByRaw('lower(name)'),
  )

/**
 * Saves a search and notes who did. A search of the same name, in whatever case, gets the new query. `full` when the person has
 * MOST_SAVED others.
 */
export async function saveSearch(
  db: Knex,
  { enteId, by }: SearchOwner,
  { name, query }: Omit<SavedSearch, 'id'>,
): Promise<'saved' | 'full'> {
  return db.transaction(async (trx) => {
    const owner = { ente_id: enteId, operator_id: by.id }
    const same = await rowOf<{ id: string }>(
      trx('saved_search')
        .where(owner)
        .whereRaw('lower(name) = lower(?)', [name])
        .update({ name, query })
        .returning('id'),
    )
    const id = same?.id ?? (await insertSearch(trx, { enteId, by }, { name, query }))
    if (id === undefined) return 'full'
    await noteEvent(trx, {
      entity: 'saved_search',
      entityId: id,
      kind: 'search_saved',
      data: { ...signedBy(by), ente: enteId },
    })
    return 'saved'
  })
}

async function insertSearch(
  db: Knex,
  { enteId, by }: SearchOwner,
  { name, query }: Omit<SavedSearch, 'id'>,
): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `insert into saved_search (id, operator_id, ente_id, name, query, slot)
     select ?, ?, ?, ?, ?, min(free) from generate_series(1, ?::int) free
     where free not in (select slot from saved_search where operator_id = ? and ente_id = ?) having count(*) > 0
     returning id`,
    [uuidv7(), by.id, enteId, name, query, MOST_SAVED, by.id, enteId],
  )
  return rows[0]?.id
}

/** Deletes a search of this person at this ente and notes who did. It does nothing when there is none. */
export async function deleteSearch(db: Knex, { enteId, by }: SearchOwner, id: string): Promise<void> {
  await db.transaction(async (trx) => {
    const deleted = await trx('saved_search').where({ id, ente_id: enteId, operator_id: by.id }).delete()
    if (deleted === 0) return
    await noteEvent(trx, {
      entity: 'saved_search',
      entityId: id,
      kind: 'search_deleted',
      data: { ...signedBy(by), ente: enteId },
    })
  })
}

/**
 * Deletes all searches of a person at an ente, when the person leaves it. Those of an administrator of the region stay, because he may
 * still enter the ente.
 */
export async function deleteSearchesOf(
  trx: Knex,
  { enteId, operatorId }: { enteId: string; operatorId: string },
): Promise<void> {
  await trx('saved_search')
    .where({ ente_id: enteId, operator_id: operatorId })
    .whereNotExists(trx('operator').where({ id: operatorId, platform_admin: true }))
    .delete()
}
