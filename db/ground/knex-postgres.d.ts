/** knex ships no types for its dialect classes; only what the error scrubbing overrides is declared. */
declare module 'knex/lib/dialects/postgres/index.js' {
  export default class PostgresClient {
    acquireRawConnection(): Promise<unknown>
    _query(connection: unknown, query: unknown): Promise<unknown>
  }
}
