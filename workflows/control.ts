import type { ActivityOptions } from '@temporalio/workflow'

/** Short steps that only write down what happens: they wait for a database that is away. */
export const CONTROL = {
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '20 seconds' },
} as const satisfies ActivityOptions

/** A file that ends the worker that reads it must not do so for ever. These tries take an hour; then its operator sends it again. */
export const FILE_RETRY = {
  initialInterval: '2 seconds',
  maximumInterval: '10 minutes',
  maximumAttempts: 12,
} as const satisfies ActivityOptions['retry']
