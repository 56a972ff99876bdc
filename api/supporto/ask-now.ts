import { WorkflowNotFoundError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client'
import { AppError } from '../../domain/errors.ts'
import { ASK_NOW, PAY_CART, WAKE, type CartStatus } from '../../workflows/pay-cart/contract.ts'
import type { PageProcesses } from '../deps.ts'

export interface AskNow {
  cartId: string
  /** Of the page's form: a double click asks once. */
  nonce: string
  /** Milliseconds the page may wait. */
  deadlineMs: number
}

/**
 * Asks the node now, through the payment's process; when none runs, one is started first and finds its place in the
 * tables. Only for a payment that is still open: a run of a closed one ends before it can be asked.
 * @throws PAYMENTS_PAUSED when no answer came in time
 */
export async function askNow(
  processes: PageProcesses,
  { cartId, nonce, deadlineMs }: AskNow,
): Promise<CartStatus> {
  const until = Date.now() + deadlineMs
  const { client } = processes
  const ask = () =>
    client.workflow
      .getHandle(PAY_CART.id(cartId))
      .executeUpdate<CartStatus, []>(ASK_NOW, { updateId: `ask:${nonce}` })
  const wake = () => processes.tellPayment(cartId, { signal: WAKE, args: [] })
  try {
    return await client.withDeadline(until, async () => {
      const status = await ask().catch(async (error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error
        await wake()
        return ask()
      })
      // A receipt came with the answer: the process sleeps until its next look, or until it is told.
      if (status.unhandled > 0) await wake()
      return status
    })
  } catch (error) {
    if (isLate(error)) throw new AppError('PAYMENTS_PAUSED', { cartId }, error)
    throw error
  }
}

const DEADLINE_EXCEEDED = 4
const UNAVAILABLE = 14

function isLate(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } }
  return [code, cause?.code].some((one) => one === DEADLINE_EXCEEDED || one === UNAVAILABLE)
}
