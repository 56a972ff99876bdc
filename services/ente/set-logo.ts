import type { Knex } from 'knex'
import { noteConfiguration } from '../../db/ente/configuration.ts'
import type { Author } from '../../db/ente/configured.ts'
import { updateLogo } from '../../db/ente/ente.ts'

/**
 * Replaces the logo of an ente.
 * @param logo the bytes of a PNG, already checked
 */
export async function setLogo(
  db: Knex,
  { enteId, logo, by }: { enteId: string; logo: Buffer; by: Author },
): Promise<void> {
  await db.transaction(async (trx) => {
    await updateLogo(trx, enteId, logo)
    await noteConfiguration(trx, { table: 'ente', id: enteId, by, what: { what: 'logo' } })
  })
}
