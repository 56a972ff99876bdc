import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Knex } from 'knex'
import { MigrationFiles } from '../../db/ground/migration-files.ts'

/** A database as a release left it. The embedded PostgreSQL has no pg_dump, so the rows are JSON, one line for each. */
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

/** Tables that the migrations fill or that PostgreSQL's own tools keep. */
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

/** The migrations of a release, out of those of today. */
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

/** An empty database with the schema that the migrations of the release make today. */
export async function migrateAs(db: Knex, { migrations }: Release): Promise<void> {
  await db.migrate.latest({ migrationSource: new ReleasedMigrations(migrations) })
}

/** Puts the rows where they were, without triggers and foreign keys: they were there before. */
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
