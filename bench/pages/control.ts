import { createServer } from 'node:http'
import type { Knex } from 'knex'
import { createApp } from '../../api/app.ts'
import { createLive } from '../../api/live.ts'
import { createDb } from '../../db/connection.ts'
import { listen, startAdmin } from '../../workers/admin.ts'
import { appConfig } from '../../workers/app-config.ts'
import { createLog, createTemporalClient } from '../../workers/clients.ts'
import { configOrExit } from '../../workers/config.ts'
import { createProcesses } from '../../workflows/start.ts'

/**
 * The control of the pages: the same pages behind the same middleware with real sessions, and instead of each statement of a
 * page a `select 1` through the same pool, answered with what the statement found the first time it was made.
 */
const config = configOrExit(process.env)
const log = createLog(config, 'control')
const db = createDb({ url: config.DATABASE_URL, pool: 12, name: 'control', log })
answerFromMemory(db)
const temporal = createTemporalClient(config)
const live = createLive({ url: config.DATABASE_URL })
const server = createServer(
  createApp({ db, processes: createProcesses(temporal.client), live, log, config: appConfig(config) }),
)
await listen(server, config.PORT)
const admin = await startAdmin({ port: config.ADMIN_PORT, checks: {} })
process.once('SIGTERM', () => void stop())

interface Query {
  sql: string
  response?: unknown
}

interface Connection {
  query(sql: string): Promise<unknown>
}

function answerFromMemory({ client }: Knex): void {
  const found = new Map<string, unknown>()
  const asker = client as { _query(connection: Connection, query: Query): Promise<Query> }
  const really = asker._query.bind(asker)
  asker._query = async (connection, query) => {
    if (found.has(query.sql)) {
      await connection.query('select 1')
      return Object.assign(query, { response: found.get(query.sql) })
    }
    const done = await really(connection, query)
    found.set(query.sql, done.response)
    return done
  }
}

async function stop(): Promise<void> {
  server.close()
  server.closeAllConnections()
  admin.close()
  await Promise.all([live.close(), temporal.close(), db.destroy()])
}
