import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Knex } from 'knex'
import { MigrationFiles } from '../../db/ground/migration-files.ts'

/** The database of a release. The rows are JSON, one per line, because the embedded PostgreSQL has no pg_dump. */
export interface Release {
  name: string
  /** Names of the migrations that had run. */
  migrations: readonly string[]
  /** The schema that they made (catalog.ts). */
  catalog: string
  rows: readonly ReleasedRow[]
}

export interface ReleasedRow {
  table: string
  row: Record<string, unknown>
}

export const RELEASES = new URL('../fixtures/releases/', import.meta.url)

/** Tables that are not recorded, because migrations fill them or they hold nothing worth keeping. */
const NOT_KEPT = [
  'knex_migrations',
  'knex_migrations_lock',
  'state_move',
  'taxonomy',
  'session',
  'rate_limit',
]

export const releaseNames = (): string[] => readdirSync(RELEASES).sort()

export function readRelease(name: string): Release {
  const read = (file: string): string => readFileSync(new URL(`${name}/${file}`, RELEASES), 'utf8')
  const lines = (file: string): string[] => read(file).trimEnd().split('\n')
  return {
    name,
    migrations: lines('migrations.txt'),
    catalog: read('catalog.txt'),
    rows: lines('rows.jsonl').map((line) => JSON.parse(line) as ReleasedRow),
  }
}

/** Those of today's migrations that the release had. */
class ReleasedMigrations extends MigrationFiles {
  readonly #names: readonly string[]

  constructor(names: readonly string[]) {
    super(fileURLToPath(new URL('../../db/migrations', import.meta.url)))
    this.#names = names
  }

  override async getMigrations(): Promise<string[]> {
    const all = await super.getMigrations()
    return all.filter((file) => this.#names.includes(this.getMigrationName(file)))
  }
}

/** Gives an empty database the schema that the migrations of the release make today. */
export async function migrateAs(db: Knex, { migrations }: Release): Promise<void> {
  await db.migrate.latest({ migrationSource: new ReleasedMigrations(migrations) })
}

/** Inserts the rows without triggers and foreign keys, because they passed those when they were first written. */
export async function loadRows(db: Knex, { rows }: Release): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw(`set local session_replication_role = 'replica'`)
    for (const { table, row } of rows) {
      const columns = await insertableColumns(trx, table)
      await trx.raw(
        `insert into ?? (${columns.map(() => '??').join(', ')}) overriding system value
         select ${columns.map(() => '??').join(', ')} from json_populate_record(null::${table}, ?)`,
        [table, ...columns, ...columns, JSON.stringify(row)],
      )
    }
    await trx.raw(
      `select setval(pg_get_serial_sequence('event', 'id'), (select max(id) from event)),
         setval(pg_get_serial_sequence('export', 'number'), (select coalesce(max(number), 1001) from export))`,
    )
  })
}

export async function readRows(db: Knex): Promise<ReleasedRow[]> {
  const kept: ReleasedRow[] = []
  for (const table of await tablesOf(db)) {
    const { rows } = await db.raw<{ rows: { row: Record<string, unknown> }[] }>(
      `select row_to_json(t) as row from ?? t order by t::text`,
      [table],
    )
    kept.push(...rows.map(({ row }) => ({ table, row })))
  }
  return kept
}

async function tablesOf(db: Knex): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by relname`,
  )
  return rows.map(({ name }) => name).filter((name) => !NOT_KEPT.includes(name))
}

async function insertableColumns(db: Knex, table: string): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `select attname as name from pg_attribute
     where attrelid = ?::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [table],
  )
  return rows.map(({ name }) => name)
}
