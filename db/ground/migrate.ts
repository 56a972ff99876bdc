import { fileURLToPath } from 'node:url'
import type { Knex } from 'knex'
import { MigrationFiles } from './migration-files.ts'

/** Brings the schema up to date. Forward only; several processes may call it, knex takes a lock. */
export async function migrate(db: Knex): Promise<void> {
  const folder = fileURLToPath(new URL('../migrations', import.meta.url))
  await db.migrate.latest({ migrationSource: new MigrationFiles(folder) })
}
