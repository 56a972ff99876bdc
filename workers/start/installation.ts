import {
  type Addresses,
  addressesOf,
  environmentOf,
  hasSimulator,
  type Ports,
  SIMULATED_KEYS,
} from './addresses.ts'
import type { Folder } from './folder.ts'
import type { Part } from './part.ts'
import { nodePart, postgresPart, runOnce, temporalPart } from './parts.ts'
import type { Settings } from './settings.ts'
import { type Supervised, supervise } from './supervise.ts'

export interface Installation {
  addresses: Addresses
  /** Starts all parts; resolves when every one is ready. */
  start(): Promise<void>
  /** Stops the started parts in STOP_ORDER. */
  stop(): Promise<void>
}

export interface InstallationOptions {
  settings: Settings
  ports: Ports
  folder: Folder
  env: NodeJS.ProcessEnv
  say: (text: string) => void
}

/** All parts of MyPay on this machine, without those that the settings replace by an outside server. */
export function createInstallation(options: InstallationOptions): Installation {
  const { settings, folder, say } = options
  const started: Supervised[] = []
  const abort = new AbortController()
  let stopping: Promise<void> | undefined
  const { postgres, temporal, simulator, product, migrate } = partsOf(options)

  let starting: Promise<void> = Promise.resolve()

  async function up(part: Part | undefined): Promise<void> {
    if (!part || abort.signal.aborted) return
    started.push(await supervise({ part, folder, say, giveUp: abort.signal }))
  }

  async function startAll(): Promise<void> {
    // Independent parts start in parallel, to take the time of the slowest instead of the sum.
    await allEnded([
      up(postgres).then(() => (abort.signal.aborted ? undefined : migrate())),
      up(temporal),
      up(simulator),
    ])
    await allEnded(product.map(up))
    abort.signal.throwIfAborted()
  }

  return {
    addresses: addressesOf(settings, options.ports),
    start: () => (starting = startAll()),
    stop: () => (stopping ??= stopAll()),
  }

  async function stopAll(): Promise<void> {
    abort.abort()
    await starting.catch(() => undefined)
    for (const names of STOP_ORDER)
      await Promise.all(started.filter(({ name }) => names.includes(name)).map((part) => part.stop()))
  }
}

/** Pages stop first, so that no request begins work that cannot end; the stores stop last. */
const STOP_ORDER = [['api'], ['worker', 'flows'], ['simulator'], ['temporal'], ['postgres']]

/** Like Promise.all, but rejects only when all have ended, so that everything they started can be stopped. */
async function allEnded(parts: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(parts)).find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}

function partsOf({ settings, ports, folder, env, say }: InstallationOptions) {
  const at = addressesOf(settings, ports)
  const shared = { ...definedOnly(env), ...environmentOf(settings, ports) }
  const program = (
    name: string,
    entry: string,
    adminPort: number,
    extra: Record<string, string> = {},
  ): Part =>
    nodePart(folder, {
      name,
      entry,
      env: { ...shared, ADMIN_PORT: String(adminPort), ...extra },
      readyUrl: `http://127.0.0.1:${adminPort}/readyz`,
    })
  return {
    postgres: settings.DATABASE_URL ? undefined : postgresPart(folder, ports),
    temporal: settings.TEMPORAL_ADDRESS ? undefined : temporalPart(folder, ports),
    simulator: hasSimulator(settings) ? simulatorPart() : undefined,
    product: [
      program('worker', 'workers/worker.js', ports.worker, { WORKER_QUEUES: 'payments,nodo,mail' }),
      program('flows', 'workers/worker.js', ports.flows, { WORKER_QUEUES: 'flows' }),
      program('api', 'workers/api.js', ports.admin),
    ],
    async migrate() {
      await runOnce(folder, { name: 'migrate', entry: 'workers/migrate.js', env: shared })
      say('database up to date')
    },
  }

  function simulatorPart(): Part {
    return nodePart(folder, {
      name: 'simulator',
      entry: 'simulator/main.js',
      env: {
        ...shared,
        DATA_DIR: folder.simulator,
        SIMULATOR_PORT: String(ports.simulator),
        SIMULATOR_SMTP_PORT: String(ports.smtp),
        // Must have the host of NODO_URL, because the product redirects browsers only to hosts of the node.
        SIMULATOR_PUBLIC_URL: at.simulator!,
        SIMULATOR_NODO_PORT_URL: at.node,
        SIMULATOR_RETURN_URL: `${at.public}/ritorno`,
        SIMULATOR_REPORTING_KEYS: JSON.stringify(SIMULATED_KEYS),
      },
      readyUrl: `http://127.0.0.1:${ports.simulator}/_sim/behaviour`,
    })
  }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
