import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker'
import { ApplicationFailure } from '@temporalio/common'
import { isDiskFull } from '../db/ground/errors.ts'
import { AppError } from '../domain/errors.ts'

/**
 * Turns an AppError of an activity into a failure of Temporal: `type` is its code, `retry: false` stops retries, and `retryAfter` of its
 * details is the seconds until the next one.
 */
export const failAsOurs: ActivityInterceptorsFactory = () => ({ inbound: new FailAsOurs() })

class FailAsOurs implements ActivityInboundCallsInterceptor {
  async execute(
    ...[input, next]: Parameters<NonNullable<ActivityInboundCallsInterceptor['execute']>>
  ): Promise<unknown> {
    try {
      return await next(input)
    } catch (thrown) {
      const error = isDiskFull(thrown) ? new AppError('STORAGE_FULL', {}, thrown) : thrown
      if (!(error instanceof AppError)) throw error
      throw ApplicationFailure.create({
        type: error.code,
        message: error.code,
        nonRetryable: !error.retry,
        details: [error.details],
        ...nextTry(error.details['retryAfter']),
        cause: error,
      })
    }
  }
}

const nextTry = (seconds: unknown): { nextRetryDelay?: number } =>
  typeof seconds === 'number' ? { nextRetryDelay: seconds * 1_000 } : {}
