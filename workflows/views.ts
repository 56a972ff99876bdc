import { PAY_CART } from './pay-cart/contract.ts'

const HOUR_MS = 3_600_000

export type View = 'attention' | 'old' | 'broken'

/**
 * Lists of processes that people look at, as queries of the Temporal UI. `now` is an ISO instant: a query has no clock of its own, so
 * an age is counted from the moment at which its address is made.
 */
export const viewQueries = (now: string): Record<View, string> => ({
  attention: `WorkflowType = '${PAY_CART.name}' and NeedsAttention = true`,
  old: `WorkflowType = '${PAY_CART.name}' and ExecutionStatus = 'Running' and StartTime < '${hourBefore(now)}'`,
  broken: ['Failed', 'Terminated', 'TimedOut'].map((status) => `ExecutionStatus = '${status}'`).join(' or '),
})

/** To the second. */
const hourBefore = (now: string): string =>
  `${new Date(Date.parse(now) - HOUR_MS).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`
