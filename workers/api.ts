import { createServer } from 'node:http'
import { join } from 'node:path'
import { createApp } from '../api/app.ts'
import { createIdentityProvider, type IdentityProvider } from '../api/access/oidc.ts'
import { createLive } from '../api/page/live.ts'
import { createNodeApp, NODE_CALLS } from '../api/node/app.ts'
import { createDb, isReachable } from '../db/ground/connection.ts'
import { createFileStore, keepPrivate } from '../services/file-store.ts'
import { createProcesses } from '../workflows/processes.ts'
import { listen, startAdmin } from './admin.ts'
import { appConfig } from './app-config.ts'
import { createLog, createTemporalClient } from './clients.ts'
import { configOrExit, type Config } from './config.ts'
import { createNodeServer, SLOW_SENDER_LIMITS } from './node-server.ts'
import { refuseSuperuser } from './role.ts'
import { onShutdown } from './shutdown.ts'
import { spaceChecks } from './space.ts'

const config = configOrExit(process.env)
const log = createLog(config, 'api')
// Pages and node calls have a pool each, so that slow pages never delay a receipt.
const db = createDb({ url: config.DATABASE_URL, pool: 12, name: 'mypay-api', log })
const nodeDb = createDb({ url: config.DATABASE_URL, pool: NODE_CALLS, kept: 2, name: 'mypay-nodo', log })
const filesFolder = join(config.DATA_DIR, 'files')
await keepPrivate(filesFolder)
await refuseSuperuser(db, config, log)
const temporal = createTemporalClient(config)
const processes = createProcesses(temporal.client, config.patience)
const live = createLive({ url: config.DATABASE_URL, limitFactor: config.LIMIT_FACTOR })

const citizens = createServer(
  // No limit for a whole request here: each body has its own limit, because files take longer than forms.
  { ...SLOW_SENDER_LIMITS, requestTimeout: 0 },
  createApp({
    db,
    processes,
    live,
    files: createFileStore(filesFolder),
    log,
    identityProvider: identityProviderOf(config),
    config: appConfig(config),
  }),
)
const node = createNodeServer(
  config,
  createNodeApp({
    db: nodeDb,
    processes,
    identity: { broker: config.NODO_BROKER, station: config.NODO_STATION },
    log,
    trusts: config.NODO_PORT_TRUSTS,
  }),
  log,
)
await listen(citizens, config.PORT)
await listen(node, config.NODO_PORT)
const admin = await startAdmin({
  port: config.ADMIN_PORT,
  host: config.ADMIN_HOST,
  // Temporal is not checked, because receipts are accepted and pages are read without it.
  checks: { database: () => isReachable(db), ...spaceChecks(filesFolder) },
})
log.info({ port: config.PORT, nodePort: config.NODO_PORT }, 'api ready')
onShutdown(log, [
  () => live.close(),
  () => closeServer(citizens),
  () => closeServer(node),
  () => temporal.close(),
  () => db.destroy(),
  () => nodeDb.destroy(),
  () => closeServer(admin),
])

function identityProviderOf(given: Config): IdentityProvider | undefined {
  if (given.OIDC_ISSUER === undefined) return undefined
  return createIdentityProvider(
    {
      issuer: given.OIDC_ISSUER,
      clientId: given.OIDC_CLIENT_ID,
      clientSecret: given.OIDC_CLIENT_SECRET,
      scope: given.OIDC_SCOPE,
      claims: given.OIDC_CLAIMS,
      levels: given.OIDC_LEVELS,
      allowHttp: !given.isProduction,
    },
    given.PUBLIC_URL,
  )
}

function closeServer(server: {
  close(done: () => void): unknown
  closeIdleConnections(): void
}): Promise<void> {
  return new Promise((resolve) => {
    server.close(resolve)
    server.closeIdleConnections()
  })
}
