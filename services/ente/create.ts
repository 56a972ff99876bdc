import type { Knex } from 'knex'
import { noteConfiguration } from '../../db/ente/configuration.ts'
import type { Author } from '../../db/ente/configured.ts'
import { insertEnte } from '../../db/ente/ente.ts'

/** A new ente, not open yet. Answers its codIpa, or nothing when its code or codice fiscale belong to another one. */
export async function createEnte(
  db: Knex,
  values: Readonly<Record<string, unknown>>,
  by: Author,
): Promise<string | undefined> {
  return db.transaction(async (trx) => {
    const ente = await insertEnte(trx, values)
    if (ente) await noteConfiguration(trx, { table: 'ente', id: ente.id, by, what: { what: 'created' } })
    return ente?.codIpa
  })
}
