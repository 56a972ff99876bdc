import { createServer, type RequestListener, type Server } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@temporalio/client'
import type { Knex } from 'knex'
import type { Post } from '../../db/mail/change-mail.ts'
import pino from 'pino'
import { createApp } from '../../api/app.ts'
import { CLAIM_NAMES, createIdentityProvider, SPID_LEVELS } from '../../api/access/oidc.ts'
import { createLive } from '../../api/page/live.ts'
import { createNodeApp } from '../../api/node/app.ts'
import { SIGN_IN, type SignInRules } from '../../api/access/sign-in-rules.ts'
import { UPLOAD_LIMITS } from '../../api/upload/limits.ts'
import type { ActivityDeps } from '../../activities/index.ts'
import { createMailer } from '../../activities/mail/mailer.ts'
import { createRptClient } from '../../activities/node/rpt/client.ts'
import { createRestSource } from '../../activities/reporting/rest/client.ts'
import { createSoapSource } from '../../activities/reporting/soap/client.ts'
import { createQuadraturaSource } from '../../activities/reporting/soap/quadratura.ts'
import { createFileStore, type FileStore } from '../../services/file-store.ts'
import { seedDemo } from '../../services/ente/seed-demo.ts'
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/server.ts'
import { createProcesses, PATIENCE, type Patience, type Processes } from '../../workflows/processes.ts'
import { STATION, US } from './begun.ts'
import { testDatabase, type TestDatabase } from './database.ts'
import { startWorkers, testNamespace } from './engine.ts'
import { KEYS } from './keys.ts'
import { testTemporal } from './temporal.ts'

const REPORTING_KEYS = ['first-reporting-key', 'second-reporting-key'] as const

export interface Stack {
  db: Knex
  files: FileStore
  database: TestDatabase
  simulator: Simulator
  processes: Processes
  /** Client of Temporal, for tests that look at processes or change them there. */
  client: Client
  publicUrl: string
  nodePortUrl: string
  post: Post
  /** For a sweep: as many notices by mail as a test may need. */
  noticesPerMinute: number
  close(): Promise<void>
}

/** Starts the whole product in this process (pages, node port, workers) on real servers; the simulator is the node. */
export async function startStack(
  given: {
    patience?: Patience
    settings?: SimulatorOptions['settings']
    clock?: () => string
    /** Inserts the demo enti, types and dues. */
    seed?: boolean
    /** Address that gets a mail for each change of an administrator of an ente. */
    maintainer?: string
    readLimits?: ActivityDeps['readLimits']
    signIn?: Partial<SignInRules>
    /** Where reporting flows come from. */
    reporting?: 'rest' | 'soap'
    /** Documents of quadratura are fetched. */
    quadratura?: boolean
  } = {},
): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'mypay-stack-'))
  const [env, database] = await Promise.all([testTemporal(), testDatabase()])
  const namespace = await testNamespace(env)
  const { db } = database
  // Hidden, as the folder of `npm start` is: a library that keeps such files back must fail here.
  const files = createFileStore(join(folder, '.data/files'))
  if (given.seed) await seedDemo(db)
  const patience = given.patience ?? PATIENCE
  const client = new Client({ connection: env.connection, namespace })
  const processes = createProcesses(client, patience)
  const log = pino({ level: 'silent' })
  const holder: { app?: RequestListener } = {}
  const pages = await serve((req, res) => holder.app!(req, res))
  const node = await serve(createNodeApp({ db, processes, identity: US, log, trusts: [] }))
  const simulator = await startSimulator({
    port: 0,
    smtpPort: 0,
    dataDir: folder,
    nodePortUrl: node.url,
    returnUrl: `${pages.url}/ritorno`,
    broker: US.broker,
    station: STATION,
    password: 'password1',
    reportingKeys: [...REPORTING_KEYS],
    settings: { rtDelayMs: 10, rtRetryMs: [200, 200, 200], ...given.settings },
  })
  const live = createLive({ url: database.url, limitFactor: 1000 })
  holder.app = createApp({
    db,
    processes,
    live,
    files,
    log,
    identityProvider: createIdentityProvider(
      {
        issuer: `${simulator.url}/idp`,
        clientId: 'mypay',
        clientSecret: 'only-for-development-not-a-secret',
        scope: 'openid profile email',
        claims: CLAIM_NAMES,
        levels: SPID_LEVELS,
        allowHttp: true,
      },
      pages.url,
    ),
    config: {
      publicUrl: pages.url,
      nodeHosts: [new URL(simulator.url).host],
      keys: KEYS,
      signIn: { ...SIGN_IN, ...given.signIn },
      isProduction: false,
      isTest: true,
      trustedProxies: [],
      linkMinutes: 15,
      upload: UPLOAD_LIMITS,
      limitFactor: 1000,
      maintainer: given.maintainer,
      ...(given.clock ? { clock: given.clock } : {}),
    },
  })
  const mailer = createMailer({ url: simulator.smtpUrl, from: 'MyPay <noreply@mypay.example>' })
  const oldNode = {
    url: simulator.nodeUrl,
    station: { broker: US.broker, station: STATION, password: 'password1' },
    subscriptionKey: undefined,
    timeoutMs: 3_000,
  }
  const workers = await startWorkers(env, namespace, {
    db,
    node: createRptClient(oldNode),
    mailer,
    reporting:
      given.reporting === 'soap'
        ? createSoapSource(oldNode)
        : createRestSource({
            url: `${simulator.url}/fdr-org/service/v1`,
            keys: REPORTING_KEYS,
            timeoutMs: 3_000,
          }),
    quadratura: given.quadratura ? createQuadraturaSource(oldNode) : undefined,
    station: STATION,
    publicUrl: pages.url,
    linkKeys: KEYS.link,
    isTest: true,
    files,
    readLimits: given.readLimits,
  })
  return {
    db,
    files,
    database,
    simulator,
    processes,
    client,
    publicUrl: pages.url,
    nodePortUrl: node.url,
    post: { maintainer: given.maintainer, mailHost: '127.0.0.1' },
    noticesPerMinute: 6_000,
    async close() {
      await live.close()
      await Promise.all([shut(pages.server), shut(node.server)])
      await workers.stop()
      await simulator.close()
      await database.drop()
      await env.teardown()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function serve(app: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
