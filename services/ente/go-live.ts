import type { Knex } from 'knex'
import { enteForReadiness, noteConfiguration, readinessOf } from '../../db/ente/configuration.ts'
import type { Author } from '../../db/ente/configured.ts'
import { updateEnteState } from '../../db/ente/ente.ts'
import { isForward, missingFor, readinessSteps } from '../../domain/ente/readiness.ts'
import { AppError } from '../../domain/errors.ts'
import type { EnteState } from '../../domain/states.ts'

/**
 * Moves an ente towards going live (INSERITO, PRE-ESERCIZIO, ESERCIZIO), if it is ready for that state, or a step back.
 * @throws FORM_INVALID when something is still to be done; STATE_MOVE_REFUSED where the table of moves does not know the step
 */
export async function moveEnte(
  db: Knex,
  { id, to, by }: { id: string; to: EnteState; by: Author },
): Promise<void> {
  await db.transaction(async (trx) => {
    const ente = await enteForReadiness(trx, id)
    if (!ente) throw new AppError('NOT_FOUND')
    const steps = readinessSteps(ente, await readinessOf(trx, id))
    if (isForward(ente.state, to) && missingFor(steps, to).length > 0) throw new AppError('FORM_INVALID')
    await updateEnteState(trx, id, to)
    await noteConfiguration(trx, { table: 'ente', id, by, what: { what: `state ${to}` } })
  })
}
