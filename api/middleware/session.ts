import connectPgSimple from 'connect-pg-simple'
import type { Request, RequestHandler, Response } from 'express'
import session, { type SessionData } from 'express-session'
import type { Knex } from 'knex'
import type { Repriced } from '../../db/due/due.ts'
import type { Language } from '../../templates/language.ts'
import { sessionPool } from '../../db/ground/session.ts'
import { now, type AppConfig } from '../deps.ts'
import { isOver } from '../access/sign-in.ts'
import { csrfOf } from './csrf.ts'

/** A person who signed in. */
export interface Citizen {
  codiceFiscale: string
  anagrafica: string
  /** The mail address of the account; absent until the person has proved one. */
  email?: string | undefined
}

declare module 'express-session' {
  interface SessionData {
    /** The open cart of this browser. */
    cartId: string
    /** Carts that this browser has begun to pay, the newest first; the browser may see everything of them. */
    payments: string[]
    /** The mail address that this session has proved by opening our link, in lower case. */
    provedEmail: string
    /** The language that the person has chosen. */
    language: Language
    /** The person who signed in, with the data of the identity provider. */
    citizen: Citizen
    /** The level of the sign-in, from the identity provider; see `SignInRules`. */
    level: number
    /** Sent to the identity provider at sign-out, so that it ends its own session. */
    idToken: string
    /** The dues that a search for a notice has found, in the order of the page. */
    notices: { ids: string[]; foundAt: string }
    /** A search for a notice with which another site has sent the person here. */
    search: { ente: string; number: string; codice: string | undefined }
    /** The `codIpa` of enti that are not open yet and that this browser may test. */
    testEnti: string[]
    /** A sign-in that has begun and is not finished. */
    login: {
      state: string
      nonce: string
      verifier: string
      startedAt: string
      returnTo: string
      level: number
    }
    /** The instant of the sign-in; without a sign-in, the instant when the session first held something. */
    startedAt: string
    /** The mailboxes for which this session has requested links, with the instants. */
    linkAsks: { mailbox: string; at: string }[]
    /** The effect of a link on the account, until a page has shown it. */
    news: { key: 'others' | 'address'; address: string }
    /** Dues that have another amount than their citizen saw, until they are paid. Older sessions hold one. */
    repriced: Repriced[] | Repriced
    /** Milliseconds since 1970 of the last renewal; see `touchSession`. */
    touchedAt: number
  }
}

const COOKIE = 'mypay'
const MAX_IDLE_MS = 4 * 60 * 60_000
const TOUCH_EVERY_MS = 60_000
const MAX_PAYMENTS = 20

/**
 * Reads and writes sessions. They are in PostgreSQL, so that every copy of the process can answer. A session that holds nothing is not
 * stored.
 */
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

/**
 * The session cookie as the browser sent it, not verified. Only for counting streams, because the stream of a payment is answered before
 * sessions are read.
 */
export const sessionNameOf = (req: Request): string | undefined =>
  new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]+)`).exec(req.headers.cookie ?? '')?.[1]

/** Ends a session that has lasted too long, however much it is used. */
export const endOldSession =
  (config: AppConfig): RequestHandler =>
  async (req, _res, next) => {
    if (isOver(req, config)) await endSession(req)
    next()
  }

/** Renews a session in use, at most once a minute, because a write for each page would cost more than the page. */
export const touchSession =
  (config: AppConfig): RequestHandler =>
  (req, _res, next) => {
    if (isHeld(req)) {
      req.session.startedAt ??= now(config)
      if (Date.now() - (req.session.touchedAt ?? 0) > TOUCH_EVERY_MS) req.session.touchedAt = Date.now()
    }
    next()
  }

/** True when there is a session and it holds something. After signing out there is none. */
function isHeld(req: Request): boolean {
  if (!req.session) return false
  const { cookie: _, ...held } = req.session
  return Object.keys(held).length > 0
}

/**
 * Makes every redirect wait until the session is stored. Express-session sends the headers before it saves, so a quick browser would reach
 * the next page without its session.
 */
export const saveBeforeRedirect: RequestHandler = (req, res, next) => {
  const { redirect: sendRedirect } = res
  const redirect = (status: number, url: string): void => sendRedirect.call(res, status, url)
  res.redirect = (...[first, second]: [number | string, (string | number)?]) => {
    const [status, url] = typeof first === 'number' ? [first, String(second)] : [302, first]
    if (!isHeld(req)) return redirect(status, url)
    req.session.save((error: unknown) => (error ? next(error) : redirect(status, url)))
  }
  next()
}

/** The values that a session keeps when it gets a new id. */
const CARRIED = [
  'cartId',
  'payments',
  'provedEmail',
  'language',
  'citizen',
  'level',
  'idToken',
  'startedAt',
  'repriced',
] as const
type Carried = {
  [K in (typeof CARRIED)[number]]?: SessionData[K] | undefined
}

/** The person who is signed in, or undefined. */
export const citizenOf = (req: Request): Citizen | undefined => req.session.citizen

/**
 * The session of a request as it is stored at this moment, for answers that last for minutes.
 * @returns undefined when it has expired or the person has signed out
 */
export const sessionNow = (req: Request): Promise<SessionData | undefined> =>
  new Promise((resolve, reject) => {
    req.sessionStore.get(req.sessionID, (error: unknown, stored) =>
      error ? reject(asError(error)) : resolve(stored ?? undefined),
    )
  })

/** Sets the person in the header of each page. */
export const shownUser: RequestHandler = (req, res, next) => {
  const citizen = citizenOf(req)
  if (citizen) res.locals.user = { name: citizen.anagrafica, csrf: csrfOf(req) }
  next()
}

/** Replaces the session by an empty one, which keeps only the language, because that belongs to the browser. */
export async function endSession(req: Request): Promise<void> {
  const { language } = req.session
  await regenerate(req)
  if (language !== undefined) req.session.language = language
}

/**
 * Ends the session at sign-out and makes the browser delete its cache and storage. Our cookie is cleared by name, because `clear-site-data`
 * would delete the cookies of every site of the same domain.
 */
export async function leave(req: Request, res: Response, config: AppConfig): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.destroy((error: unknown) => (error ? reject(asError(error)) : resolve()))
  })
  res.clearCookie(COOKIE, attributesOf(config)).set('clear-site-data', '"cache", "storage"')
}

/**
 * Gives the session a new id after an address was proved or a person has signed in, so that an id that somebody planted in the browser
 * before is worthless.
 * @param given values that replace those of the old session
 */
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
    req.session.regenerate((error: unknown) => (error ? reject(asError(error)) : resolve()))
  })

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error('session store failed', { cause: error })

/** Makes a cart a payment of this session; called after "Paga". The session keeps the newest 20. */
export function keepPayment(req: Request, cartId: string): void {
  const others = (req.session.payments ?? []).filter((id) => id !== cartId)
  req.session.payments = [cartId, ...others].slice(0, MAX_PAYMENTS)
  if (req.session.cartId === cartId) delete req.session.cartId
}

/** True when this session has begun to pay the cart. */
export const hasPaid = (req: Request, cartId: string): boolean =>
  req.session.payments?.includes(cartId) ?? false
