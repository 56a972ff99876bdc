import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import { CONTROL } from '../control.ts'
import type { FlowRequest } from '../../domain/flow/request.ts'
import type { FlowState } from '../../domain/states.ts'
import { startMail } from '../start-mail.ts'
import {
  IMPORT_FLOW,
  PAUSE,
  RESUME,
  type ImportFlowActivities,
  type ImportFlowInput,
  type ImportStatus,
} from './contract.ts'
import { WAKE } from '../wake.ts'
import { named, tell } from '../words.ts'

export const pause = defineUpdate<FlowState | null>(PAUSE)
export const resume = defineUpdate<FlowState | null>(RESUME)
export const wakeImport = defineSignal(WAKE)

// Requests of operators use the payments queue, because on the queue of files they would wait behind a million rows.
const control = proxyActivities<ImportFlowActivities>(CONTROL)

/**
 * Waits for its turn, loads the chunks, writes the outcome files and starts the report mails. Ends when the file is
 * loaded, refused or stopped.
 */
export async function importFlow(input: ImportFlowInput): Promise<void> {
  const { flowId } = input
  let isWoken = false
  const ask = (request: FlowRequest) => async () => {
    const state = await control.askOfImport({ flowId, request })
    isWoken = true
    return state
  }
  setHandler(pause, ask('pause'))
  setHandler(resume, ask('resume'))
  setHandler(wakeImport, () => {
    isWoken = true
  })
  upsertSearchAttributes({ EnteId: [input.enteId], FlowId: [flowId] })

  for (;;) {
    isWoken = false
    const status = await advance(input)
    tell(status.words)
    await handOn(input, status)
    if (status.next === 'over') break
    if (status.next === 'wait')
      await condition(() => isWoken, input.patience.lookAgainMs, named(status.words))
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished)
      await continueAsNew<typeof importFlow>(input)
    }
  }
  await condition(allHandlersFinished)
}

async function advance({ flowId, enteId, patience }: ImportFlowInput): Promise<ImportStatus> {
  const flows = proxyActivities<ImportFlowActivities>({
    taskQueue: 'flows',
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '500 milliseconds', maximumInterval: '10 seconds' },
    priority: { fairnessKey: enteId },
  })
  try {
    return await flows.advanceImport({ flowId, sliceMs: patience.sliceMs })
  } catch (error) {
    return control.giveUpImport({ flowId, code: codeOf(error) })
  }
}

/**
 * The code of a failure that no retry can mend. Other failures of the activity are retried until it succeeds; any other
 * error is thrown again.
 */
function codeOf(error: unknown): string {
  if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure)
    return error.cause.type ?? 'INTERNAL'
  throw error
}

/** Starts the mails in processes of their own, and wakes the next file of the ente. */
async function handOn(
  { mail }: ImportFlowInput,
  { mailIds, nextFlowId, words }: ImportStatus,
): Promise<void> {
  for (const mailId of mailIds) await startMail(mailId, mail, words)
  if (nextFlowId === null) return
  // A process that does not run yet reads the tables by itself when it starts.
  await getExternalWorkflowHandle(IMPORT_FLOW.id(nextFlowId))
    .signal(wakeImport)
    .catch(() => undefined)
}
