import { attemptsToAsk, noteAsked, rowsToAsk } from '../../db/reporting/chase.ts'
import { findRun } from '../../db/reporting/run.ts'
import { acceptCopy } from '../pay-cart/copy.ts'
import type { ReportingDeps } from './deps.ts'

/** Rows whose receipts one fetch asks for; the next one takes the rest. */
const MOST = 500

/**
 * Asks the node for the receipts of payments that a flow lists and that have none. What comes is stored as if the node had brought it, and
 * the sweep wakes its payment. Nothing is asked about a payment that did not begin here. A call that is repeated asks twice.
 */
export async function chaseReceipts(deps: ReportingDeps, runId: string): Promise<void> {
  const { db } = deps
  const run = await findRun(db, runId)
  if (!run) return
  for (const { rowId, iuv } of await rowsToAsk(db, run.domain, MOST)) {
    for (const attempt of await attemptsToAsk(db, { domain: run.domain, iuv }))
      await acceptCopy(deps, attempt.cartId, attempt)
    await noteAsked(db, rowId)
  }
}
