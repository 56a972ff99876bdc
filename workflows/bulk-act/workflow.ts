import {
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import { CONTROL } from '../control.ts'
import { failureCode } from '../failure-code.ts'
import { WAKE } from '../wake.ts'
import { tell } from '../words.ts'
import type { BulkActActivities, BulkActInput, BulkStatus } from './contract.ts'

export const wakeBulkAct = defineSignal(WAKE)

const control = proxyActivities<BulkActActivities>(CONTROL)

/** Gives the dues of an act their turn, slice by slice, until it is over. What is done and left is in the tables alone. */
export async function bulkAct(input: BulkActInput): Promise<void> {
  // A wake changes nothing, because every step reads the tables anyway.
  setHandler(wakeBulkAct, () => undefined)
  upsertSearchAttributes({ EnteId: [input.enteId] })
  for (;;) {
    const { isOver, words } = await slice(input)
    tell(words)
    if (isOver) return
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof bulkAct>(input)
  }
}

async function slice({ actId, enteId, sliceMs }: BulkActInput): Promise<BulkStatus> {
  const flows = proxyActivities<BulkActActivities>({
    taskQueue: 'flows',
    // The last slice writes the file.
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '10 seconds',
    // An act survives a night without a database; after that a person must look.
    scheduleToCloseTimeout: '12 hours',
    retry: CONTROL.retry,
    priority: { fairnessKey: enteId },
  })
  try {
    return await flows.workBulkAct({ actId, sliceMs })
  } catch (error) {
    return control.giveUpBulkAct({ actId, code: failureCode(error) })
  }
}
