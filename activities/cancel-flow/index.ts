import type { Knex } from 'knex'
import { cancelDuesOf, endCancelling } from '../../db/flow/cancel.ts'
import type { FileStore } from '../../services/file-store.ts'
import { findFlow } from '../../db/flow/flow.ts'
import { cancelWords } from '../../templates/process-words.ts'
import type { CancelFlowActivities } from '../../workflows/cancel-flow/contract.ts'
import { keepAlive } from '../heartbeat.ts'
import { removeScraps } from '../import-flow/outcome.ts'

const PAGE = 2_000

interface CancelDeps {
  db: Knex
  files: FileStore
}

/** Safe to repeat: only payable dues are cancelled, and each page is counted in the transaction that cancels it. */
export function createCancelFlowActivities({ db, files }: CancelDeps): CancelFlowActivities {
  return {
    cancelSlice: ({ flowId, sliceMs }) =>
      keepAlive(async () => {
        const isOver = await cancelFor({ db, files }, flowId, sliceMs)
        const flow = await findFlow(db, flowId)
        return {
          state: flow?.state ?? null,
          isOver,
          ...(flow ? { words: { now: cancelWords(flow.duesCancelled) } } : {}),
        }
      }),
  }
}

/** Cancels for at most `sliceMs`. Returns true when nothing is left to cancel. */
async function cancelFor({ db, files }: CancelDeps, flowId: string, sliceMs: number): Promise<boolean> {
  const flow = await findFlow(db, flowId)
  if (flow?.state === 'cancelled') await removeScraps(files, flowId)
  if (flow?.state !== 'cancelling') return true
  const until = Date.now() + sliceMs
  let isFirst = true
  for (let after: string | undefined = ''; ; isFirst = false) {
    after = await cancelDuesOf(db, flow, { after, limit: PAGE })
    if (after === undefined) break
    if (Date.now() >= until) return false
  }
  // A failed attempt may have released a due that this pass had already gone past, so the last pass must find nothing.
  if (!isFirst) return false
  await endCancelling(db, flowId)
  await removeScraps(files, flowId)
  return true
}
