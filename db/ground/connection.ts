import knex, { type Knex } from 'knex'
import PostgresClient from 'knex/lib/dialects/postgres/index.js'
import pg from 'pg'
import { scrubbed } from './errors.ts'

const INT8 = 20
const DATE = 1082
const TIMESTAMPTZ = 1184

const parsers: Record<number, (text: string) => unknown> = {
  // Cents stay under 2^53 by the schema's checks.
  [INT8]: (text) => Number(text),
  // A calendar day never becomes an instant: pg would shift it.
  [DATE]: (text) => text,
  [TIMESTAMPTZ]: (text) => new Date(text).toISOString(),
}

export const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    parsers[oid] ?? pg.types.getTypeParser(oid, format as 'text'),
}

/** knex over pg whose errors lose the values they quote before anybody can log them. */
class ScrubbingClient extends PostgresClient {
  override async _query(connection: unknown, query: unknown): Promise<unknown> {
    try {
      return await super._query(connection, query)
    } catch (error) {
      throw scrubbed(error)
    }
  }

  /** A server that starts, or has no connection free, refuses with codes too. */
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
  /** Connections at most. */
  pool: number
  name: string
  /**
   * Of them, how many are kept when idle. Who asks then waits for one of those, when the server has none to give, instead of being
   * refused.
   */
  kept?: number
  /** Where knex's own remarks go; the console, without it. */
  log?: DbLog
}

/**
 * Where the driver would connect, by its own reading of the address. Encrypted: the server must prove who it is, so that nobody in between
 * can read.
 */
export function databaseReach(url: string): { host: string; isEncrypted: boolean } {
  const { host, ssl: tls } = new pg.Client({ connectionString: url })
  // An object too, although the types say otherwise.
  const ssl = tls as boolean | { rejectUnauthorized?: boolean }
  return { host, isEncrypted: ssl === true || (typeof ssl === 'object' && ssl.rejectUnauthorized !== false) }
}

export type DbLog = Record<'debug' | 'warn' | 'error', (text: string) => void>

export function createDb({ url, pool, kept = 0, name, log }: DbOptions): Knex {
  return knex({
    client: ScrubbingClient as unknown as typeof Knex.Client,
    connection: {
      connectionString: url,
      application_name: name,
      types,
      options: '-c idle_in_transaction_session_timeout=15000 -c statement_timeout=30000 -c lock_timeout=4000',
    } as Knex.StaticConnectionConfig,
    pool: { min: kept, max: pool, propagateCreateError: kept === 0 },
    acquireConnectionTimeout: 5_000,
    // Bindings in an error's message would be personal data in a log.
    compileSqlOnError: false,
    ...(log ? { log: remarksTo(log) } : {}),
  })
}

/** knex would print them as they are, in between the lines of a log that machines read. */
function remarksTo(log: DbLog): NonNullable<Knex.Config['log']> {
  const say = (level: keyof DbLog) => (remark: string) => log[level](remark)
  return { debug: say('debug'), warn: say('warn'), error: say('error'), deprecate: say('warn') }
}

/** True when the database answers. */
export async function isReachable(db: Knex): Promise<boolean> {
  await db.raw('select 1')
  return true
}
