import type { Knex } from 'knex'
import { rowOf } from '../ground/rows.ts'

/** The numbered parts of a document as they came, in their order, one after the other; only one is in memory. */
export async function* documentParts(
  db: Knex,
  table: 'reporting_page' | 'quadratura_part',
  of: Record<string, string>,
): AsyncGenerator<Uint8Array> {
  for (let number = 1; ; number++) {
    const part = await rowOf<{ document: Buffer }>(
      db(table)
        .first('document')
        .where({ ...of, number }),
    )
    if (!part) return
    yield part.document
  }
}
