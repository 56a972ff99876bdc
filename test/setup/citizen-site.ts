import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Knex } from 'knex'
import type { Express } from 'express'
import pino from 'pino'
import { createApp } from '../../api/app.ts'
import type { AppConfig } from '../../api/deps.ts'
import type { IdentityProvider } from '../../api/access/oidc.ts'
import { createLive } from '../../api/page/live.ts'
import type { Live } from '../../api/page/news.ts'
import { SIGN_IN } from '../../api/access/sign-in-rules.ts'
import { UPLOAD_LIMITS } from '../../api/upload/limits.ts'
import { AppError } from '../../domain/errors.ts'
import type { FileStore } from '../../services/file-store.ts'
import { seedDemo } from '../../services/ente/seed-demo.ts'
import type { Processes } from '../../workflows/processes.ts'
import type { BeginAnswer } from '../../workflows/pay-cart/contract.ts'
import { testDatabase } from './database.ts'
import { testFiles } from './files.ts'
import { KEYS } from './keys.ts'
import { createVisitor, type Page, type Visitor } from './visitor.ts'

export const NODE_HOST = 'nodo.example:8443'

/** Stand-ins for the durable processes: they return what a test sets and record the calls they get. */
export interface StandIn extends Processes {
  answer: (cartId: string) => Promise<BeginAnswer>
  begun: { cartId: string; nonce: string; replicaConfirmed: boolean; summary?: string | undefined }[]
  told: string[]
}

export interface Site {
  db: Knex
  url: string
  processes: StandIn
  live: Live
  files: FileStore
  app: Express
  /** Lines of the log, as JSON text. */
  logged: string[]
  /** @param from client address for the rate limits, as a trusted proxy on this machine would send it */
  visitor(from?: string): Visitor
  close(): Promise<void>
}

/**
 * The real application on a real database; only the durable processes are stand-ins.
 * @param pagesDb connection for the pages, for a test that takes their database away or connects as another role
 */
export async function startSite(
  { heartbeatMs, ...given }: Partial<AppConfig> & { heartbeatMs?: number } = {},
  pagesDb?: (url: string) => Knex,
): Promise<Site> {
  const { db, url: databaseUrl, drop } = await testDatabase()
  await seedDemo(db)
  const processes = standIn()
  const live = createLive({ url: databaseUrl, heartbeatMs, limitFactor: given.limitFactor })
  const files = testFiles()
  const logged: string[] = []
  const app = createApp({
    db: pagesDb?.(databaseUrl) ?? db,
    // Only pages of support call Temporal itself, and their tests use a real one.
    processes: processes as StandIn & Processes,
    live,
    files,
    identityProvider: NOBODY,
    log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    config: {
      publicUrl: 'http://mypay.example',
      nodeHosts: [NODE_HOST],
      keys: KEYS,
      signIn: SIGN_IN,
      isProduction: false,
      isTest: true,
      trustedProxies: [],
      linkMinutes: 15,
      upload: UPLOAD_LIMITS,
      ...given,
    },
  })
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    db,
    url,
    processes,
    live,
    files,
    app,
    logged,
    visitor: (from) => createVisitor(url, from === undefined ? {} : { from }),
    async close() {
      await live.close()
      await shut(server)
      await drop()
    },
  }
}

/** A provider that refuses every sign-in. It is needed because pages show links to sign in only with a provider. */
const NOBODY: IdentityProvider = {
  begin: () => Promise.resolve(new URL('https://idp.example/entra')),
  finish: () => Promise.reject(new AppError('LOGIN_REFUSED')),
  logoutUrl: () => Promise.resolve(new URL('https://idp.example/esci')),
}

function standIn(): StandIn {
  const processes: StandIn = {
    answer: () => Promise.resolve({ kind: 'waiting' }),
    begun: [],
    told: [],
    begin(cartId, request) {
      processes.begun.push({ cartId, ...request })
      return processes.answer(cartId)
    },
    askOutcome: () => Promise.reject(new AppError('PAYMENTS_PAUSED')),
    paymentState: () => Promise.resolve('unknown'),
    paymentUiPath: (cartId) => `/${cartId}`,
    viewUiPaths: () => ({ attention: '/', old: '/', broken: '/' }),
    wakePayment: (cartId) => Promise.resolve(void processes.told.push(`wake ${cartId}`)),
    receiptArrived: (cartId) => Promise.resolve(void processes.told.push(`receiptArrived ${cartId}`)),
    citizenReturned: (cartId) => Promise.resolve(void processes.told.push(`citizenReturned ${cartId}`)),
    wakeMail: (mailId) => Promise.resolve(void processes.told.push(`mail ${mailId}`)),
    wakeImport: ({ flowId }) => Promise.resolve(void processes.told.push(`import ${flowId}`)),
    cancelImport: ({ flowId }) => Promise.resolve(void processes.told.push(`cancel ${flowId}`)),
    wakeExport: ({ exportId }) => Promise.resolve(void processes.told.push(`export ${exportId}`)),
    wakeBulkAct: ({ actId }) => Promise.resolve(void processes.told.push(`bulk ${actId}`)),
    fetchReporting: ({ enteId }) => Promise.resolve(void processes.told.push(`reporting ${enteId}`)),
    keepSchedule: ({ enteId }) => Promise.resolve(void processes.told.push(`schedule ${enteId}`)),
    scheduledEnti: () => Promise.resolve(new Set()),
    nextFetch: () => Promise.resolve(null),
    wakeConversion: ({ draftId }) => Promise.resolve(void processes.told.push(`convert ${draftId}`)),
    wakeTreasury: ({ fileId }) => Promise.resolve(void processes.told.push(`treasury ${fileId}`)),
    askImport: ({ flowId }, request) => {
      processes.told.push(`${request} ${flowId}`)
      return Promise.resolve(null)
    },
  }
  return processes
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

export const FORM = '/enti/C_X901/spontaneo/DIRITTI_VARI'
export const CHIARA = {
  'intestatario-nome': 'Chiara Bianchi',
  'intestatario-codice': 'BNCCHR85H52M999M',
  'e-mail': 'chiara@example.org',
}

/** Fields of the form of DIRITTI_VARI, without those of the payer. */
export const RIGHTS = { diritto: 'segreteria', nota: '12/2026', importo: '10,50' }

/** Fills and sends the form; returns the address of the link that the mail would contain. */
export async function askLink(
  site: Site,
  citizen: Visitor,
  fields: Record<string, string> = {},
): Promise<string> {
  const email = fields['e-mail'] ?? CHIARA['e-mail']
  const sent = await citizen.submit(await citizen.get(FORM), FORM, { ...RIGHTS, ...CHIARA, ...fields })
  if (!sent.location?.endsWith('/mail-inviata')) throw new Error(`no mail: ${sent.status} ${textOf(sent)}`)
  const mail = (await site
    .db('email')
    .where({ address: email, kind: 'link' })
    .orderBy('created_at', 'desc')
    .first('secret')) as { secret: string }
  return `/conferma/${mail.secret}`
}

/** A visitor with one due of 10,50 € in the cart. */
export async function withCart(site: Site, fields: Record<string, string> = {}): Promise<Visitor> {
  const citizen = site.visitor()
  const link = await askLink(site, citizen, fields)
  const done = await citizen.submit(await citizen.get(link), link)
  if (!done.location?.endsWith('/carrello')) throw new Error(`no cart: ${done.status} ${textOf(done)}`)
  return citizen
}

/** A page without its panel of help, which quotes words of many pages. */
export const withoutHelp = ({ html }: Page): string =>
  html.replace(/<details class="mypay-fold mypay-help-panel">[\s\S]*?<\/details>/g, '')

/** The visible text of a page, with single blanks and without its panel of help. */
export const textOf = (page: Page): string =>
  withoutHelp(page)
    .replace(/<head>[\s\S]*<\/head>|<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x([0-9A-F]+);/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\s+/g, ' ')
