import type { Knex } from 'knex'
import { noteConfiguration } from '../../db/ente/configuration.ts'
import type { Author } from '../../db/ente/configured.ts'
import { insertEnte } from '../../db/ente/ente.ts'

/** Makes a new ente in the state INSERITO. Returns its codIpa, or undefined when another ente has its codIpa or codice fiscale. */
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
