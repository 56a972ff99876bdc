import { once, setMaxListeners } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { createApp } from './app.ts'
import { Behaviours } from './behaviour/behaviours.ts'
import type { BehaviourRequest, Settings } from './behaviour/schema.ts'
import type { Context } from './context.ts'
import { readState, type State } from './control/state.ts'
import { createSmtp } from './mail/smtp.ts'
import { MailStore } from './mail/store.ts'
import type { Registry } from './node/registry.ts'
import { portOf } from './port.ts'
import { Deliveries } from './psp/deliveries.ts'
import { Sessions } from './psp/sessions.ts'
import { movedNow } from './reporting/days.ts'
import type { Flow } from './reporting/flow.ts'
import { moveOn } from './reporting/move-on.ts'
import { publish } from './reporting/publish.ts'
import type { PublishRequest } from './reporting/request.ts'
import { REPORTING_PATH } from './reporting/router.ts'
import type { Choice, Fact } from './world/facts.ts'
import { Journal } from './world/journal.ts'
import { World } from './world/world.ts'

export type SimulatorOptions = {
  /** 0 for any free port. */
  port: number
  smtpPort: number
  host?: string
  /** Address for the browsers of payers; by default the one we listen on. */
  publicUrl?: string
  /** The journal and mails are in `<dataDir>/simulator`. */
  dataDir: string
  /** Base of the product's node port. RTs go to `<base>/nodo/PaPerNodo`. */
  nodePortUrl: string
  returnUrl: string
  broker: string
  station: string
  password: string
  /** Registered enti and their IBANs; without it any are accepted. */
  domains?: Record<string, string[]>
  disabledDomains?: string[]
  settings?: Partial<Settings>
  /** The two keys of the reporting API; without them any key opens it. */
  reportingKeys?: [string, string]
}

export type Simulator = {
  url: string
  smtpUrl: string
  /** The product's NODO_URL. */
  nodeUrl: string
  /** Base of the reporting API. */
  reportingUrl: string
  state: (after?: number, limit?: number) => State
  behave: (request: BehaviourRequest) => void
  release: (name?: string) => number
  /** Number of answers that wait at barriers. */
  held: () => number
  pay: (idSession: string, choice?: Choice) => Promise<void>
  /** Publishes flows of reporting: those given, or those of the payments that no flow lists yet. */
  publish: (request?: PublishRequest) => Flow[]
  /** Moves the clock of this world forward, and returns what it says then. */
  moveOn: (days?: number) => Date
  reset: () => void
  close: () => Promise<void>
}

/** Starts the outside world: node, PSP, mailbox. It continues from what an earlier run recorded in `dataDir`. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { host = '127.0.0.1' } = options
  const folder = join(options.dataDir, 'simulator')
  const { journal, entries } = Journal.open<Fact>(join(folder, 'journal.jsonl'))
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  const server = createServer()
  const port = await listen(server, options.port, host)
  const url = options.publicUrl ?? `http://${host}:${port}`
  const context = makeContext(options, url, new World(journal, entries), closing.signal)
  const store = new MailStore(join(folder, 'mails'))
  const deliveries = new Deliveries(context)
  const sessions = new Sessions(context, deliveries)
  const reset = () => {
    context.behaviours.reset()
    deliveries.forget()
    sessions.reset()
    context.world.reset()
    store.empty()
  }
  server.on('request', createApp({ context, sessions, deliveries, reset }, store))
  const smtp = createSmtp(context, store)
  const smtpPort = await listen(smtp.server, options.smtpPort, host)
  deliveries.resume()
  return {
    url,
    smtpUrl: `smtp://${host}:${smtpPort}`,
    nodeUrl: `${url}/nodo/NodoPerPa`,
    reportingUrl: url + REPORTING_PATH,
    state: (after, limit) => readState(context, after, limit),
    behave: (request) => context.behaviours.change(request),
    release: (name) => context.behaviours.release(name),
    held: () => context.behaviours.barriers.held().length,
    pay: async (idSession, choice = 'OK') => {
      const session = context.world.sessions.get(idSession)
      if (!session) throw new Error(`no session ${idSession}`)
      await sessions.choose(session, choice)
    },
    publish: (request) => publish(context, request),
    moveOn: (days = 1) => moveOn(context, days),
    reset,
    close: async () => {
      closing.abort()
      sessions.stop()
      await deliveries.stop()
      server.closeAllConnections()
      await Promise.all([
        new Promise((resolve) => server.close(resolve)),
        new Promise<void>((resolve) => smtp.close(resolve)),
      ])
      journal.close()
    },
  }
}

function makeContext(options: SimulatorOptions, url: string, world: World, closing: AbortSignal): Context {
  const { broker, station, password, domains, disabledDomains = [], reportingKeys } = options
  const registry: Registry = {
    broker,
    station,
    password,
    domains: domains && new Map(Object.entries(domains).map(([domain, ibans]) => [domain, new Set(ibans)])),
    disabledDomains: new Set(disabledDomains),
  }
  return {
    world,
    behaviours: new Behaviours(options.settings),
    registry,
    url,
    returnUrl: options.returnUrl,
    stationUrl: `${options.nodePortUrl}/nodo/PaPerNodo`,
    reportingKeys,
    closing,
    now: () => movedNow(world.days),
  }
}

/** @throws EADDRINUSE and other system errors, unchanged */
async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  return portOf(server)
}
