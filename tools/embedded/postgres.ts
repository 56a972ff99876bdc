import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Child, startChild } from './child.ts'
import { binariesFor, type Cluster, ensureCluster } from './postgres-cluster.ts'
import { canConnect, ensureDatabase, postgresUrl } from './postgres-client.ts'
import { clearStaleServer } from './postgres-stale.ts'
import { waitReady } from './wait.ts'

export interface PostgresOptions {
  /** Folder of the cluster. A missing one is made, with a database `mypay`. */
  dataDir: string
  port: number
  logFile: string
  /** Further server settings, such as `fsync: 'off'` in tests. */
  settings?: Record<string, string>
}

export interface Postgres {
  url: string
  port: number
  /** Folder the cluster is in; not `dataDir` when the server's user cannot enter that. */
  clusterDir: string
  child: Child
  stop(): Promise<void>
}

const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Error details and parameters are not logged, because they quote values, which are personal data.
  log_error_verbosity: 'terse',
  log_parameter_max_length_on_error: '0',
  shared_preload_libraries: 'pg_stat_statements',
  max_connections: '200',
}

const READY_MS = 60_000
const ATTEMPTS = 5

/** A real PostgreSQL from the npm package. A server that an earlier run left on `dataDir` is stopped first. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const cluster = binariesFor(options.dataDir)
  await clearStaleServer(cluster.dir)
  await ensureCluster(cluster, options.logFile)
  const child = await startServer(cluster, options)
  await ensureDatabase(options.port)
  return {
    url: postgresUrl(options.port),
    port: options.port,
    clusterDir: cluster.dir,
    child,
    stop: () => child.stop(),
  }
}

async function startServer(cluster: Cluster, options: PostgresOptions): Promise<Child> {
  for (let attempt = 1; ; attempt++) {
    const child = await launch(cluster, options)
    try {
      const probe = () => canConnect(options.port)
      await waitReady({ name: 'PostgreSQL', child, logFile: options.logFile, probe, timeoutMs: READY_MS })
      return child
    } catch (error) {
      await child.stop()
      // Tried again, because sessions of a killed server hold its shared memory for a moment.
      if (attempt >= ATTEMPTS || existsSync(join(cluster.dir, 'postmaster.pid'))) throw error
      await sleep(300 * attempt)
    }
  }
}

function launch(cluster: Cluster, { port, logFile, settings }: PostgresOptions): Promise<Child> {
  const flags = Object.entries({ ...SETTINGS, ...settings }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ])
  return startChild({
    command: cluster.binaries.postgres,
    args: ['-D', cluster.dir, '-p', String(port), ...flags],
    logFile,
    cwd: cluster.dir,
    user: cluster.binaries.user,
    // SIGINT is PostgreSQL's fast shutdown: it ends sessions and loses nothing.
    stopSignal: 'SIGINT',
  })
}
