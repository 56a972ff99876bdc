import type { Knex } from 'knex'
import { insertDemo } from '../../db/ente/seed.ts'
import { seedEnti } from '../../domain/seed/enti.ts'
import { seedPassword } from './passwords.ts'

/** Loads the demo enti, their types, dues, people and software. What is there already stays as it is: it may run at each start. */
export async function seedDemo(db: Knex): Promise<void> {
  await db.transaction(async (trx) => {
    const enti = await insertDemo(trx)
    for (const { codIpa, softwarePassword: password } of seedEnti)
      if (password !== undefined) await seedPassword(trx, { enteId: enti.get(codIpa)!, password })
  })
}
