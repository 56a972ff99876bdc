import type { Knex } from 'knex'
import type { EnteReader } from '../../db/ente/due-type-access.ts'
import { comparedAt, comparedRows } from '../../db/reporting/compared.ts'
import { allMatches, type Match, type MatchFilter } from '../../db/reporting/matches.ts'
import { pivotClasses, type PivotClass } from '../../domain/reporting/pivot-classes.ts'

/** A reported payment with every class of the old product that it has. */
export type ClassedMatch = Match & { oldClasses: PivotClass[] }

/** All payments that the filter finds, the newest first; only one page is in memory. */
export async function* classedMatches(
  db: Knex,
  reader: EnteReader,
  filter: MatchFilter,
): AsyncGenerator<ClassedMatch> {
  const has = await comparedAt(db, reader.enteId)
  for await (const page of allMatches(db, reader, filter)) {
    const compared = await comparedRows(
      db,
      page.map(({ id }) => id),
    )
    for (const match of page) {
      const payment = compared.get(match.id)
      yield { ...match, oldClasses: payment ? pivotClasses(payment, has) : [] }
    }
  }
}
