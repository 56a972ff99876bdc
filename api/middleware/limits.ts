import type { RequestHandler, Response } from 'express'
import type { Knex } from 'knex'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import type { NoticeLimits } from '../../db/citizen/maker.ts'
import { isAppError, tooMany } from '../../domain/errors.ts'
import { keysOf } from '../../domain/table.ts'
import type { Texts, Values } from '../../templates/language.ts'
import { keyedHash } from '../access/keyed-hash.ts'
import { textsFor } from '../page/page.ts'

const QUARTER = 15 * 60
const HOUR = 60 * 60

interface Limit {
  points: number
  /** Seconds. */
  duration: number
  /**
   * People who have proved something may try more often than strangers. A refused try does not count, because otherwise strangers would use
   * up the rest of the limit.
   */
  grows?: boolean
}

/** The points of each limit within its duration. All copies of the process share them, and the configuration may change them. */
export const LIMITS = {
  /** Mails with a link that proves an address: to one mailbox, whoever asks, and from one client. */
  linkPerMailbox: { points: 3, duration: QUARTER },
  linkPerClient: { points: 60, duration: QUARTER, grows: true },
  /** Searches for notices that find nothing: by one client, by one client for one number, by all clients for one number. */
  missPerClient: { points: 30, duration: QUARTER, grows: true },
  missPerClientAndNumber: { points: 10, duration: QUARTER, grows: true },
  missPerNumber: { points: 100, duration: HOUR, grows: true },
  // It is high because software polls the state of its files, and a supplier calls for many enti from one address.
  softwarePerClient: { points: 600, duration: 5 * 60 },
} as const satisfies Record<string, Limit>

export type LimitName = keyof typeof LIMITS

/** The most unpaid notices that may be prepared in an hour: with one mailbox, for one fiscal code, from one network. */
export const NOTICE_LIMITS: NoticeLimits = { mailbox: 10, person: 10, network: 60 }

/** The points of the limits that the configuration sets. */
export type LimitPoints = Partial<Record<LimitName, number>>

/** One use of a limit. */
export interface Try {
  limit: LimitName
  /** The client, mailbox or number that is counted. */
  key: string
  /** What the use costs; 1 when absent. */
  points?: number
  /** Multiplies the limit for people who have proved something; 1 when absent. */
  times?: number
}

export interface Limits {
  /** The points of a limit. */
  most(limit: LimitName): number
  /**
   * Counts the tries. When one of them is refused, those before it are given back; the refused one counts unless its limit grows.
   * @returns a function that gives all of them back
   * @throws TOO_MANY_REQUESTS with the seconds to wait
   */
  take(...tries: readonly Try[]): Promise<() => Promise<void>>
}

export interface LimitSetup {
  privacyKey: string
  /** The points that the configuration sets. */
  points?: LimitPoints | undefined
  /** Multiplies every limit, because load and fault runs come from one address. */
  factor?: number | undefined
}

export function createLimits(db: Knex, { privacyKey, points: given = {}, factor = 1 }: LimitSetup): Limits {
  const most = (name: LimitName): number => (given[name] ?? LIMITS[name].points) * factor
  const limiters = new Map(
    keysOf(LIMITS).map((name) => [
      name,
      new RateLimiterPostgres({
        storeClient: db,
        storeType: 'knex',
        tableName: 'rate_limit',
        tableCreated: true,
        keyPrefix: name,
        points: most(name),
        duration: LIMITS[name].duration,
      }),
    ]),
  )
  // Mailboxes and network addresses are personal data, so only a keyed hash of them is stored.
  const hashOf = ({ limit, key }: Try): string => keyedHash(privacyKey, limit, key).toString('base64url')
  const giveBack = async (one: Try): Promise<void> => {
    await limiters.get(one.limit)!.reward(hashOf(one), one.points ?? 1)
  }

  async function count(one: Try): Promise<void> {
    const { limit, points = 1, times = 1 } = one
    const counted = await limiters.get(limit)!.penalty(hashOf(one), points)
    if (counted.consumedPoints <= most(limit) * times) return
    if (grows(limit)) await giveBack(one)
    throw tooMany(limit, counted.msBeforeNext / 1000)
  }

  return {
    most,
    async take(...tries) {
      const taken: Try[] = []
      const giveAllBack = async (): Promise<void> => {
        for (const one of taken) await giveBack(one)
      }
      try {
        for (const one of tries) {
          await count(one)
          taken.push(one)
        }
      } catch (error) {
        if (isAppError(error, 'TOO_MANY_REQUESTS')) await giveAllBack()
        throw error
      }
      return giveAllBack
    },
  }
}

function grows(limit: LimitName): boolean {
  const { grows: growing = false }: Limit = LIMITS[limit]
  return growing
}

/** Seconds to wait when the error has no number. */
const USUAL_WAIT = 60

/** Seconds after which the request may be tried again. @param details those of a TOO_MANY_REQUESTS */
export function secondsToWait(details: object): number {
  return 'retryAfter' in details && typeof details.retryAfter === 'number' ? details.retryAfter : USUAL_WAIT
}

/** Sets the header `retry-after` on the answer to a TOO_MANY_REQUESTS. */
export function sayWhen(res: Response, { code, details }: { code: string; details: object }): void {
  if (code === 'TOO_MANY_REQUESTS') res.set('retry-after', String(secondsToWait(details)))
}

/** Sets the header `retry-after` on every answer 429 for which nobody called `sayWhen`. */
export const retryLater: RequestHandler = (_req, res, next) => {
  const { writeHead } = res
  res.writeHead = (status: number, ...rest: unknown[]) => {
    if (status === 429 && !res.hasHeader('retry-after')) res.setHeader('retry-after', USUAL_WAIT)
    Reflect.apply(writeHead, res, [status, ...rest])
    return res
  }
  next()
}

/** "fra 12 minuti" */
export const waitText = (t: Texts, details: object): string =>
  t('limit.wait', { count: Math.ceil(secondsToWait(details) / 60) })

/**
 * Waits for `work`. When a limit refuses it, shows the page of the form again.
 * @param show sends that page; `problem` is the sentence about the limit
 * @returns false when `show` has sent the answer
 */
export async function orAgain(
  res: Response,
  work: Promise<void>,
  show: (problem: string) => Promise<void> | void,
): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    await show(tooManyText(textsFor(res), res, error))
    return false
  }
}

/**
 * The sentence about a limit that is reached, for a page that is shown again; also sets `retry-after`.
 * @throws every error that is not a TOO_MANY_REQUESTS
 */
export function tooManyText(t: Texts, res: Response, error: unknown): string {
  if (!isAppError(error, 'TOO_MANY_REQUESTS')) throw error
  sayWhen(res, error)
  return t(`limit.${String(error.details['limit'])}`, {
    ...valuesOf(error.details),
    wait: waitText(t, error.details),
  })
}

/** The details of an error that can fill a text. */
const valuesOf = (details: Readonly<Record<string, unknown>>): Values =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, typeof value === 'number' ? value : String(value)]),
  )
