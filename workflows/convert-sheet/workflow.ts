import {
  ActivityFailure,
  defineSignal,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import { WAKE } from '../wake.ts'
import { tell, type ProcessWords } from '../words.ts'
import type { ConvertSheetActivities, ConvertSheetInput } from './contract.ts'

export const wakeConvert = defineSignal(WAKE)

const control = proxyActivities<ConvertSheetActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '20 seconds' },
})

/** Converts a sheet once and ends; what follows is decided by its operator, on a page. */
export async function convertSheet({ draftId, enteId }: ConvertSheetInput): Promise<void> {
  // A wake changes nothing, because the sheet is converted once anyway.
  setHandler(wakeConvert, () => undefined)
  upsertSearchAttributes({ EnteId: [enteId] })
  tell(await converted(draftId, enteId))
}

async function converted(draftId: string, enteId: string): Promise<ProcessWords> {
  const flows = proxyActivities<ConvertSheetActivities>({
    taskQueue: 'flows',
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '10 seconds',
    // A sheet that ends the worker that reads it must not do so for ever. A night without a database is longer than these tries take.
    retry: { initialInterval: '2 seconds', maximumInterval: '5 minutes', maximumAttempts: 20 },
    priority: { fairnessKey: enteId },
  })
  try {
    return await flows.convertSheet({ draftId })
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error
    return control.giveUpSheet({ draftId })
  }
}
