import type { Knex } from 'knex'
import type { Pool, QueryResult } from 'pg'
import { scrubbed } from './errors.ts'

interface Connection {
  query(sql: string, params?: unknown[]): Promise<QueryResult>
}

interface KnexPool {
  acquireConnection(): Promise<Connection>
  releaseConnection(connection: Connection): Promise<void>
}

/**
 * The part of `pg.Pool` that the session store uses (`query`), on the pool of knex, so that sessions need no connections of their own.
 */
export function sessionPool(db: Knex): Pool {
  const pool: KnexPool = db.client
  const query = async (sql: string, params?: unknown[]): Promise<QueryResult> => {
    const connection = await pool.acquireConnection()
    try {
      return await connection.query(sql, params)
    } catch (error) {
      throw scrubbed(error)
    } finally {
      await pool.releaseConnection(connection)
    }
  }
  return { query } as unknown as Pool
}
