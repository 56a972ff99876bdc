import connectPgSimple from 'connect-pg-simple'
import type { Request, RequestHandler, Response } from 'express'
import session, { type SessionData } from 'express-session'
import type { Knex } from 'knex'
import type { Language } from '../../templates/language.ts'
import { sessionPool } from '../../db/ground/session.ts'
import { now, type AppConfig } from '../deps.ts'
import { isOver } from '../access/sign-in.ts'
import { csrfOf } from './csrf.ts'

/** A person who signed in. */
export interface Citizen {
  codiceFiscale: string
  anagrafica: string
  /** The proved address of the account; absent until there is one. */
  email?: string | undefined
}

declare module 'express-session' {
  interface SessionData {
    /** The open cart of this browser. */
    cartId: string
    /** Carts this browser has begun to pay: it may see everything of them. */
    payments: string[]
    /** Address that opened our link in this session. */
    provedEmail: string
    /** Chosen on the page. */
    language: Language
    /** Who signed in, as the identity provider says. */
    citizen: Citizen
    /** How surely, as the identity provider says. */
    level: number
    /** Names the provider's session when the person leaves. */
    idToken: string
    /** Dues that a search for a notice found, in the order shown. */
    notices: { ids: string[]; foundAt: string }
    /** A search for a notice that another site began. */
    search: { ente: string; number: string; codice: string | undefined }
    /** Enti not open yet that this browser may test, by codIpa. */
    testEnti: string[]
    /** A sign-in under way. */
    login: {
      state: string
      nonce: string
      verifier: string
      startedAt: string
      returnTo: string
      level: number
    }
    /** When the person signed in; of others, when there was first something to keep. */
    startedAt: string
    /** Mailboxes that this session asked links for, and when. */
    linkAsks: { mailbox: string; at: string }[]
    /** What a link did to the account, until a page has said it. */
    news: { key: 'others' | 'address'; address: string }
    touchedAt: number
  }
}

const COOKIE = 'mypay'
const MAX_IDLE_MS = 4 * 60 * 60_000
const TOUCH_EVERY_MS = 60_000
const MAX_PAYMENTS = 20

/** Sessions live in PostgreSQL: any copy of the process can answer. Nothing is stored for who only reads. */
export function sessions(db: Knex, config: AppConfig): RequestHandler {
  const Store = connectPgSimple(session)
  return session({
    name: COOKIE,
    secret: [...config.keys.session],
    store: new Store({ pool: sessionPool(db), tableName: 'session', disableTouch: true }),
    resave: false,
    rolling: true,
    saveUninitialized: false,
    cookie: { ...attributesOf(config), maxAge: MAX_IDLE_MS },
  })
}

const attributesOf = ({ publicUrl }: AppConfig) =>
  ({ httpOnly: true, sameSite: 'lax', secure: publicUrl.startsWith('https:') }) as const

/** What the browser calls its session, believed only to count: for streams, which stand before the sessions are read. */
export const sessionNameOf = (req: Request): string | undefined =>
  new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]+)`).exec(req.headers.cookie ?? '')?.[1]

/** Ends what began too long ago, however much it was used. */
export const endOldSession =
  (config: AppConfig): RequestHandler =>
  async (req, _res, next) => {
    if (isOver(req, config)) await endSession(req)
    next()
  }

/** Renews what is in use at most once a minute: a write per page would cost more than the page. */
export const touchSession =
  (config: AppConfig): RequestHandler =>
  (req, _res, next) => {
    if (isHeld(req)) {
      req.session.startedAt ??= now(config)
      if (Date.now() - (req.session.touchedAt ?? 0) > TOUCH_EVERY_MS) req.session.touchedAt = Date.now()
    }
    next()
  }

/** Who only reads has nothing in the session, and nothing is stored; who signed out has none. */
function isHeld(req: Request): boolean {
  if (!req.session) return false
  const { cookie: _, ...held } = req.session
  return Object.keys(held).length > 0
}

/**
 * A redirect leaves only after its session is stored: a quick browser would else arrive as a stranger, because
 * express-session sends the headers before it saves.
 */
export const saveBeforeRedirect: RequestHandler = (req, res, next) => {
  const redirect = res.redirect.bind(res) as (status: number, url: string) => void
  res.redirect = (...[first, second]: [number | string, (string | number)?]) => {
    const [status, url] = typeof first === 'number' ? [first, String(second)] : [302, first]
    if (!isHeld(req)) return redirect(status, url)
    req.session.save((error: unknown) => (error ? next(error) : redirect(status, url)))
  }
  next()
}

const CARRIED = [
  'cartId',
  'payments',
  'provedEmail',
  'language',
  'citizen',
  'level',
  'idToken',
  'startedAt',
] as const
type Carried = {
  [K in (typeof CARRIED)[number]]?: SessionData[K] | undefined
}

/** Who signed in, if anybody did. */
export const citizenOf = (req: Request): Citizen | undefined => req.session.citizen

/** The session of a request as it is stored at this moment; nothing when it ended or was left. For answers that outlive it. */
export const sessionNow = (req: Request): Promise<SessionData | undefined> =>
  new Promise((resolve, reject) => {
    req.sessionStore.get(req.sessionID, (error: unknown, stored) =>
      error ? reject(error as Error) : resolve(stored ?? undefined),
    )
  })

/** What the header of each page says of who signed in. */
export const shownUser: RequestHandler = (req, res, next) => {
  const citizen = citizenOf(req)
  if (citizen) res.locals['user'] = { name: citizen.anagrafica, csrf: csrfOf(req) }
  next()
}

/** Nothing of the person stays; the language is the browser's. */
export async function endSession(req: Request): Promise<void> {
  const { language } = req.session
  await regenerate(req)
  if (language !== undefined) req.session.language = language
}

/**
 * Ends the session and tells the browser to drop what it kept. Our cookie is named, because the header would drop those of every site
 * of the same domain.
 */
export async function leave(req: Request, res: Response, config: AppConfig): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.destroy((error: unknown) => (error ? reject(error as Error) : resolve()))
  })
  res.clearCookie(COOKIE, attributesOf(config)).set('clear-site-data', '"cache", "storage"')
}

/** A new session id after the address was proved or somebody signed in, so that an id planted before is worth nothing. */
export async function renewSession(req: Request, given: Carried): Promise<void> {
  const carried = Object.fromEntries(CARRIED.map((name) => [name, req.session[name]]))
  await regenerate(req)
  const kept = { ...carried, ...given }
  Object.assign(
    req.session,
    Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
  )
}

const regenerate = (req: Request): Promise<void> =>
  new Promise((resolve, reject) => {
    req.session.regenerate((error: unknown) => (error ? reject(error as Error) : resolve()))
  })

/** From "Paga" on the cart is a payment of this session. */
export function keepPayment(req: Request, cartId: string): void {
  const others = (req.session.payments ?? []).filter((id) => id !== cartId)
  req.session.payments = [cartId, ...others].slice(0, MAX_PAYMENTS)
  if (req.session.cartId === cartId) delete req.session.cartId
}

export const hasPaid = (req: Request, cartId: string): boolean =>
  req.session.payments?.includes(cartId) ?? false
