import knex, { type Knex } from 'knex'
import PostgresClient from 'knex/lib/dialects/postgres/index.js'
import pg from 'pg'
import { scrubbed } from './errors.ts'

const INT8 = 20
const DATE = 1082
const TIMESTAMPTZ = 1184

const parsers: Record<number, (text: string) => unknown> = {
  // A number is exact here, because checks of the schema keep cents under 2^53.
  [INT8]: (text) => Number(text),
  // A calendar day stays text, because pg would make an instant of it and shift it by the time zone.
  [DATE]: (text) => text,
  [TIMESTAMPTZ]: (text) => new Date(text).toISOString(),
}

export const types = {
  getTypeParser: (oid: number, format?: string) =>
    parsers[oid] ?? pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text'),
}

/** The PostgreSQL client of knex; its errors lose the values they quote (`scrubbed`) before anybody can log them. */
class ScrubbingClient extends PostgresClient {
  override async _query(connection: unknown, query: unknown): Promise<unknown> {
    try {
      return await super._query(connection, query)
    } catch (error) {
      throw scrubbed(error)
    }
  }

  /** Scrubs here too, because a server that is starting or has no free connection refuses with a SQLSTATE. */
  override async acquireRawConnection(): Promise<unknown> {
    try {
      return await super.acquireRawConnection()
    } catch (error) {
      throw scrubbed(error)
    }
  }
}

export interface DbOptions {
  url: string
  /** Largest number of connections. */
  pool: number
  /** Shown as `application_name` in pg_stat_activity. */
  name: string
  /**
   * Number of connections that stay open when idle; 0 by default. With one or more, a caller waits for a kept connection when the
   * server refuses a new one; with 0 it gets the server's error at once.
   */
  kept?: number
  /** Receives knex's own warnings and messages; without it knex writes them to the console. */
  log?: DbLog
}

/**
 * The host that pg reads from this address, and whether the connection is encrypted. `isEncrypted` is true only if the server's
 * certificate is verified too, because without that somebody in between could read the traffic.
 */
export function databaseReach(url: string): { host: string; isEncrypted: boolean } {
  const client = new pg.Client({ connectionString: url })
  // The types of pg declare a boolean, but it is an object when the address has `sslmode` or certificates.
  const ssl: unknown = client.ssl
  return { host: client.host, isEncrypted: ssl === true || isVerifying(ssl) }
}

const isVerifying = (ssl: unknown): boolean =>
  typeof ssl === 'object' &&
  ssl !== null &&
  !('rejectUnauthorized' in ssl && ssl.rejectUnauthorized === false)

export type DbLog = Record<'debug' | 'warn' | 'error', (text: string) => void>

export function createDb({ url, pool, kept = 0, name, log }: DbOptions): Knex {
  return knex({
    client: ScrubbingClient,
    connection: {
      connectionString: url,
      application_name: name,
      types,
      options: '-c idle_in_transaction_session_timeout=15000 -c statement_timeout=30000 -c lock_timeout=4000',
    },
    pool: { min: kept, max: pool, propagateCreateError: kept === 0 },
    acquireConnectionTimeout: 5_000,
    // Without this knex puts the bindings into an error's message, and personal data would reach a log.
    compileSqlOnError: false,
    ...(log ? { log: knexLogger(log) } : {}),
  })
}

/** knex's own logger writes plain text to the console, between the JSON lines that machines read. */
function knexLogger(log: DbLog): NonNullable<Knex.Config['log']> {
  const at = (level: keyof DbLog) => (text: string) => log[level](text)
  return { debug: at('debug'), warn: at('warn'), error: at('error'), deprecate: at('warn') }
}

/**
 * True when the database executes a statement.
 * @throws AppError DATABASE_UNREACHABLE, or the error of the driver
 */
export async function isReachable(db: Knex): Promise<boolean> {
  await db.raw('select 1')
  return true
}
