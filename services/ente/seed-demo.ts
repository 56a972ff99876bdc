import type { Knex } from 'knex'
import { insertDemo } from '../../db/ente/seed.ts'
import { seedEnti } from '../../domain/seed/enti.ts'
import { seedPassword } from './passwords.ts'

/** Loads the demo enti with their types, dues, people and passwords. May run at each start, because it changes no existing row. */
export async function seedDemo(db: Knex): Promise<void> {
  await db.transaction(async (trx) => {
    const enti = await insertDemo(trx)
    for (const { codIpa, softwarePassword: password } of seedEnti)
      if (password !== undefined) await seedPassword(trx, { enteId: enti.get(codIpa)!, password })
  })
}
