import {
  defineSignal,
  patched,
  proxyActivities,
  isCancellation,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import { CONTROL } from '../control.ts'
import { failureCode } from '../failure-code.ts'
import { WAKE } from '../wake.ts'
import { tell } from '../words.ts'
import type { FetchReportingActivities, FetchReportingInput } from './contract.ts'

export const wakeFetch = defineSignal(WAKE)

const control = proxyActivities<FetchReportingActivities>(CONTROL)

/**
 * Fetches the reporting flows of an ente: the list, then each flow that is not stored, also from earlier fetches; judges their payments, and
 * asks for receipts that are missing. A flow that cannot be
 * fetched does not keep back the others; it stays known, and the next fetch asks again.
 */
export async function fetchReporting(input: FetchReportingInput): Promise<void> {
  // A wake changes nothing, because a fetch that runs asks for everything anyway.
  setHandler(wakeFetch, () => undefined)
  upsertSearchAttributes({ EnteId: [input.enteId] })
  const { workflowId, firstExecutionRunId } = workflowInfo()
  const begun = await control.beginFetch({ ...input, processId: `${workflowId}/${firstExecutionRunId}` })
  if (!begun) return
  const { runId } = begun
  const { outcome, stored } = await fetched(runId, input.enteId)
  // Fetches that began before quadratura was fetched end without it.
  if (patched('quadratura')) await quadratura(runId, input.enteId)
  tell(await control.endFetch({ runId, outcome, stored }))
}

/** Its failure is noted where it happens, and changes nothing about the flows; the next fetch asks again. */
async function quadratura(runId: string, enteId: string): Promise<void> {
  const { fetchQuadratura } = proxyActivities<FetchReportingActivities>({
    taskQueue: 'flows',
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout: '10 seconds',
    scheduleToCloseTimeout: '1 hour',
    retry: { initialInterval: '5 seconds', maximumAttempts: 3 },
    priority: { fairnessKey: enteId },
  })
  try {
    await fetchQuadratura({ runId })
  } catch (error) {
    if (isCancellation(error)) throw error
  }
}

async function fetched(runId: string, enteId: string): Promise<{ outcome: string; stored: number }> {
  const { listReporting, fetchFlow, reconcileReporting, chaseReceipts, tieCredits } =
    proxyActivities<FetchReportingActivities>({
      taskQueue: 'flows',
      startToCloseTimeout: '30 minutes',
      heartbeatTimeout: '10 seconds',
      // The next fetch is six hours away, and asks for whatever this one did not get.
      scheduleToCloseTimeout: '5 hours',
      retry: { initialInterval: '5 seconds', maximumInterval: '5 minutes' },
      priority: { fairnessKey: enteId },
    })
  let stored = 0
  let outcome = 'OK'
  try {
    const { flows } = await listReporting({ runId })
    for (const flowId of flows)
      try {
        if (await fetchFlow({ runId, flowId })) stored++
      } catch (error) {
        outcome = failureCode(error)
      }
    await reconcileReporting({ runId })
    await chaseReceipts({ runId })
    // Credits of the bank may have come before their flows.
    while (await tieCredits({ enteId }));
  } catch (error) {
    outcome = failureCode(error)
  }
  return { outcome, stored }
}
