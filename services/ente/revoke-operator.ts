import type { Knex } from 'knex'
import { deleteSearchesOf } from '../../db/due/saved-searches.ts'
import type { Author } from '../../db/ente/configured.ts'
import { deleteGrant } from '../../db/ente/grants.ts'

/**
 * Removes a person from an ente, with the searches that the person kept there, because a search may hold the name or fiscal code of a
 * citizen. Does nothing when the person does not work for the ente.
 */
export async function revokeOperator(
  db: Knex,
  { enteId, operatorId, by }: { enteId: string; operatorId: string; by: Author },
): Promise<void> {
  await db.transaction(async (trx) => {
    if (await deleteGrant(trx, { enteId, operatorId, by }))
      await deleteSearchesOf(trx, { enteId, operatorId })
  })
}
