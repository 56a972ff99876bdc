import type { Knex } from 'knex'
import { noteConfiguration } from '../../db/ente/configuration.ts'
import type { Author } from '../../db/ente/configured.ts'
import { updateEnteState } from '../../db/ente/ente.ts'
import type { EnteState } from '../../domain/states.ts'

/**
 * Moves an ente one step forward or back: INSERITO, PRE-ESERCIZIO, ESERCIZIO.
 * @throws AppError STATE_MOVE_REFUSED when the table of moves does not have this step
 */
export async function moveEnte(
  db: Knex,
  { id, to, by }: { id: string; to: EnteState; by: Author },
): Promise<void> {
  await db.transaction(async (trx) => {
    await updateEnteState(trx, id, to)
    await noteConfiguration(trx, { table: 'ente', id, by, what: { what: `state ${to}` } })
  })
}
