import type { Knex } from 'knex'
import type { DueFilter, DueOrder } from '../due/search.ts'
import { rowOf } from '../ground/rows.ts'
import type { Export } from './export.ts'

/** The search whose dues a workbook has. A part of the filter that is undefined is absent in the stored row. */
export interface BookedSearch {
  filter: DueFilter
  order: DueOrder
}

/**
 * Stores a queued export of the dues of a search and returns its id. A person who asks for the same again before the file is written gets
 * the same id.
 */
export async function bookDuesSheet(
  db: Knex,
  { enteId, operatorId, search }: { enteId: string; operatorId: string; search: BookedSearch },
): Promise<string> {
  const text = JSON.stringify(search)
  for (;;) {
    const id = (await insert(db, [enteId, operatorId, text])) ?? (await known(db, [enteId, operatorId, text]))
    // Neither: the first one ended between the two statements, so there is room for another.
    if (id !== undefined) return id
  }
}

async function insert(db: Knex, bindings: string[]): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `insert into export (kind, ente_id, operator_id, search) values ('dues', ?, ?, ?::jsonb) on conflict do nothing returning id`,
    bindings,
  )
  return rows[0]?.id
}

async function known(db: Knex, bindings: string[]): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select id from export where ente_id = ? and operator_id = ? and search = ?::jsonb`,
    bindings,
  )
  return rows[0]?.id
}

/** The search of an export that is not written yet; undefined when it has ended, because then the search is gone. */
export async function bookedSearch(db: Knex, { id }: Pick<Export, 'id'>): Promise<BookedSearch | undefined> {
  const row = await rowOf<{ search: BookedSearch | null }>(db('export').first('search').where({ id }))
  return row?.search ?? undefined
}
