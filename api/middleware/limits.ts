import { createHmac } from 'node:crypto'
import type { Knex } from 'knex'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../../domain/errors.ts'

/** Points in a duration (seconds), shared by all copies of the process. */
const LIMITS = {
  linkPerAddress: { points: 5, duration: 15 * 60 },
  linkPerClient: { points: 60, duration: 15 * 60 },
  noticePerClient: { points: 30, duration: 15 * 60 },
  noticePerNumber: { points: 10, duration: 15 * 60 },
  // Software asks for the state of its files again and again, and a supplier calls for many enti from one address.
  softwarePerClient: { points: 600, duration: 5 * 60 },
} as const

export type LimitName = keyof typeof LIMITS

/** Counts a try of `key`, as one or as `points`; TOO_MANY_REQUESTS when there were too many. */
export type CountTry = (limit: LimitName, key: string, points?: number) => Promise<void>

/** @param factor multiplies every limit: load and fault runs come from one address */
export function createLimits(db: Knex, privacyKey: string, factor = 1): CountTry {
  const limiters = new Map(
    (Object.keys(LIMITS) as LimitName[]).map((name) => [
      name,
      new RateLimiterPostgres({
        storeClient: db,
        storeType: 'knex',
        tableName: 'rate_limit',
        tableCreated: true,
        keyPrefix: name,
        points: LIMITS[name].points * factor,
        duration: LIMITS[name].duration,
      }),
    ]),
  )
  return async (name, key, points = 1) => {
    // Addresses are persons: only a keyed hash of them is stored.
    const hashed = createHmac('sha256', privacyKey).update(key).digest('base64url')
    try {
      await limiters.get(name)!.consume(hashed, points)
    } catch (error) {
      if (error instanceof RateLimiterRes) throw new AppError('TOO_MANY_REQUESTS', { limit: name })
      throw error
    }
  }
}
