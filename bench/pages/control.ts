import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { Client, Connection } from '@temporalio/client'
import type { Knex } from 'knex'
import pino from 'pino'
import { createApp } from '../../api/app.ts'
import { createLive } from '../../api/page/live.ts'
import { SIGN_IN } from '../../api/access/sign-in-rules.ts'
import { UPLOAD_LIMITS } from '../../api/upload/limits.ts'
import { createDb } from '../../db/ground/connection.ts'
import { createFileStore } from '../../services/file-store.ts'
import { createProcesses } from '../../workflows/processes.ts'
import { SESSION_KEY } from '../world/environment.ts'

/**
 * The control of the pages: the same pages behind the same middleware with real sessions. Each statement of a page runs once;
 * after that a `select 1` through the same pool takes its place and the page gets the first result again, until SIGUSR2 empties the memory
 * for the next page.
 */
const env = process.env as Record<string, string>
const log = pino({ level: 'info' })
// The pool has as many connections as that of the product's pages.
const db = createDb({ url: env['DATABASE_URL']!, pool: 12, name: 'control', log })
answerFromMemory(db)
const temporal = Connection.lazy({ address: env['TEMPORAL_ADDRESS']! })
const live = createLive({ url: env['DATABASE_URL']! })
const server = createServer(
  createApp({
    db,
    processes: createProcesses(new Client({ connection: temporal })),
    live,
    files: createFileStore(tmpdir()),
    log,
    config: {
      publicUrl: env['PUBLIC_URL']!,
      nodeHosts: [new URL(env['NODO_URL']!).host],
      keys: { session: [SESSION_KEY], link: [SESSION_KEY], token: [SESSION_KEY], privacy: SESSION_KEY },
      signIn: SIGN_IN,
      isProduction: false,
      upload: UPLOAD_LIMITS,
      isTest: true,
      trustedProxies: [env['TRUSTED_PROXIES']!],
      linkMinutes: 15,
    },
  }),
)
const ready = createServer((_req, res) => void res.end('ready'))
server.listen(Number(env['PORT']), () => ready.listen(Number(env['ADMIN_PORT'])))
process.once('SIGTERM', () => void stop())

interface Query {
  sql: string
  response?: unknown
}

interface PgConnection {
  query(sql: string): Promise<unknown>
}

function answerFromMemory({ client }: Knex): void {
  const found = new Map<string, unknown>()
  process.on('SIGUSR2', () => found.clear())
  const asker = client as { _query(connection: PgConnection, query: Query): Promise<Query> }
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
  ready.close()
  await Promise.all([live.close(), temporal.close(), db.destroy()])
}
