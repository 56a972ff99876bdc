import { fileURLToPath } from 'node:url'
import type { Knex } from 'knex'
import { MigrationFiles } from './migration-files.ts'

/** Runs the migrations that the database lacks, forward only. Several processes may call it at once, because knex takes a lock. */
export async function migrate(db: Knex): Promise<void> {
  const folder = fileURLToPath(new URL('../migrations', import.meta.url))
  await db.migrate.latest({ migrationSource: new MigrationFiles(folder) })
}
