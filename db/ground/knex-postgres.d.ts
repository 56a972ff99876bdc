/** knex ships no types for its dialect classes. Only the two methods that the error scrubbing overrides are declared. */
declare module 'knex/lib/dialects/postgres/index.js' {
  import type { Knex } from 'knex'

  export default class PostgresClient extends Knex.Client {
    override acquireRawConnection(): Promise<unknown>
    _query(connection: unknown, query: unknown): Promise<unknown>
  }
}
