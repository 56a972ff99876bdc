import type { Knex } from 'knex'
import type { Pool, QueryConfig, QueryResult } from 'pg'
import { scrubbed } from './errors.ts'
import { nameOf } from './planned.ts'

interface Connection {
  query(statement: QueryConfig): Promise<QueryResult>
}

interface KnexPool {
  acquireConnection(): Promise<Connection>
  releaseConnection(connection: Connection): Promise<void>
}

/**
 * The part of `pg.Pool` that the session store uses (`query`), on the pool of knex, so that sessions need no connections of their own.
 * The store has four statements, each of which is planned once per connection, because every page reads its session and writes it.
 */
export function sessionPool(db: Knex): Pool {
  const pool: KnexPool = db.client
  const query = async (text: string, values: unknown[] = []): Promise<QueryResult> => {
    const connection = await pool.acquireConnection()
    try {
      return await connection.query({ text, values, name: nameOf(text) })
    } catch (error) {
      throw scrubbed(error)
    } finally {
      await pool.releaseConnection(connection)
    }
  }
  return { query } as unknown as Pool
}
