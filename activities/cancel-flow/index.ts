import type { Knex } from 'knex'
import { cancelDuesOf, endCancelling } from '../../db/flow/cancel.ts'
import type { FileStore } from '../../services/file-store.ts'
import { findFlow } from '../../db/flow/flow.ts'
import type { CancelFlowActivities } from '../../workflows/cancel-flow/contract.ts'
import { keepAlive } from '../heartbeat.ts'
import { removeScraps } from '../import-flow/outcome.ts'

const PAGE = 2_000

/** Safe to repeat: only payable dues are cancelled, and each page is counted in the transaction that cancels it. */
export function createCancelFlowActivities({
  db,
  files,
}: {
  db: Knex
  files: FileStore
}): CancelFlowActivities {
  return {
    cancelSlice: ({ flowId, sliceMs }) =>
      keepAlive(async () => {
        const flow = await findFlow(db, flowId)
        if (flow?.state === 'cancelled') await removeScraps(files, flowId)
        if (flow?.state !== 'cancelling') return { state: flow?.state ?? null, isOver: true }
        const until = Date.now() + sliceMs
        let isFirst = true
        for (let after: string | undefined = ''; ; isFirst = false) {
          after = await cancelDuesOf(db, flow, { after, limit: PAGE })
          if (after === undefined) break
          if (Date.now() >= until) return { state: flow.state, isOver: false }
        }
        // A failed attempt may have released a due that this pass had already gone past, so the last pass must find nothing.
        if (!isFirst) return { state: flow.state, isOver: false }
        await endCancelling(db, flowId)
        await removeScraps(files, flowId)
        return { state: 'cancelled', isOver: true }
      }),
  }
}
