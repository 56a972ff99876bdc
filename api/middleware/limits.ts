import type { RequestHandler, Response } from 'express'
import type { Knex } from 'knex'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import type { NoticeLimits } from '../../db/citizen/maker.ts'
import { isAppError, tooMany } from '../../domain/errors.ts'
import type { Texts, Values } from '../../templates/language.ts'
import { keyedHash } from '../access/keyed-hash.ts'
import { textsFor } from '../page/page.ts'

const QUARTER = 15 * 60
const HOUR = 60 * 60

interface Limit {
  points: number
  /** Seconds. */
  duration: number
  /** Allows more to who proved something; what it refuses does not count, or strangers would use up the rest of it. */
  grows?: boolean
}

/** Points in a duration, shared by all copies of the process; each may be set by configuration. */
export const LIMITS = {
  /** Mails that prove an address, whoever asks for them. */
  linkPerMailbox: { points: 3, duration: QUARTER },
  linkPerClient: { points: 60, duration: QUARTER, grows: true },
  /** Searches of notices that find nothing: of a client, of a client for one number, of all for one number. */
  missPerClient: { points: 30, duration: QUARTER, grows: true },
  missPerClientAndNumber: { points: 10, duration: QUARTER, grows: true },
  missPerNumber: { points: 100, duration: HOUR, grows: true },
  // Software asks for the state of its files again and again, and a supplier calls for many enti from one address.
  softwarePerClient: { points: 600, duration: 5 * 60 },
} as const satisfies Record<string, Limit>

export type LimitName = keyof typeof LIMITS

/** Unpaid notices that may be prepared in an hour: with one mailbox, for one fiscal code, from one network. */
export const NOTICE_LIMITS: NoticeLimits = { mailbox: 10, person: 10, network: 60 }

/** How many points each limit has. */
export type LimitPoints = Partial<Record<LimitName, number>>

/** One try of `key`, as one point or as `points`; `times`: how much more who tries may do than a stranger. */
export interface Try {
  limit: LimitName
  key: string
  points?: number
  times?: number
}

export interface Limits {
  most(limit: LimitName): number
  /**
   * Counts the tries, all of them or none that grows. Answers what takes them back.
   * @throws TOO_MANY_REQUESTS with the seconds to wait
   */
  take(...tries: readonly Try[]): Promise<() => Promise<void>>
}

export interface LimitSetup {
  privacyKey: string
  /** Those that the installation has set. */
  points?: LimitPoints | undefined
  /** Multiplies every limit: load and fault runs come from one address. */
  factor?: number | undefined
}

export function createLimits(db: Knex, { privacyKey, points: given = {}, factor = 1 }: LimitSetup): Limits {
  const most = (name: LimitName): number => (given[name] ?? LIMITS[name].points) * factor
  const limiters = new Map(
    (Object.keys(LIMITS) as LimitName[]).map((name) => [
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
  // Addresses are persons: only a keyed hash of them is stored.
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

const grows = (limit: LimitName): boolean => (LIMITS[limit] as Limit).grows === true

/** Where nobody knows better. */
const USUAL_WAIT = 60

/** Seconds after which it may be tried again. */
export function secondsToWait(details: object): number {
  const { retryAfter } = details as { retryAfter?: number }
  return retryAfter ?? USUAL_WAIT
}

/** Every answer 429 says in its header when to come back. */
export function sayWhen(res: Response, { code, details }: { code: string; details: object }): void {
  if (code === 'TOO_MANY_REQUESTS') res.set('retry-after', String(secondsToWait(details)))
}

/** The net under `sayWhen`: an answer 429 of whatever part has the header. */
export const retryLater: RequestHandler = (_req, res, next) => {
  const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => Response
  res.writeHead = ((...args: unknown[]) => {
    if (args[0] === 429 && !res.hasHeader('retry-after')) res.setHeader('retry-after', USUAL_WAIT)
    return writeHead(...args)
  }) as Response['writeHead']
  next()
}

/** "fra 12 minuti" */
export const waitText = (t: Texts, details: object): string =>
  t('limit.wait', { count: Math.ceil(secondsToWait(details) / 60) })

/** Does the work; who must wait gets a page again, with what he typed. False: he was sent that page. */
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

/** For a page that comes back with what was typed: what was used up and what to do. Every other error goes on. */
export function tooManyText(t: Texts, res: Response, error: unknown): string {
  if (!isAppError(error, 'TOO_MANY_REQUESTS')) throw error
  sayWhen(res, error)
  return t(`limit.${String(error.details['limit'])}`, {
    ...(error.details as Values),
    wait: waitText(t, error.details),
  })
}
