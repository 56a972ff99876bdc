import {
  ActivityFailure,
  defineSignal,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import { CONTROL, FILE_RETRY } from '../control.ts'
import { WAKE } from '../wake.ts'
import { tell } from '../words.ts'
import type { ConversionEnd, ConvertSheetActivities, ConvertSheetInput } from './contract.ts'

export const wakeConvert = defineSignal(WAKE)

const control = proxyActivities<ConvertSheetActivities>(CONTROL)

/** Converts a sheet once and ends; what follows is decided by its operator, on a page. */
export async function convertSheet({ draftId, enteId }: ConvertSheetInput): Promise<void> {
  // A wake changes nothing, because the sheet is converted once anyway.
  setHandler(wakeConvert, () => undefined)
  upsertSearchAttributes({ EnteId: [enteId] })
  tell((await converted(draftId, enteId)).words)
}

async function converted(draftId: string, enteId: string): Promise<ConversionEnd> {
  const flows = proxyActivities<ConvertSheetActivities>({
    taskQueue: 'flows',
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '10 seconds',
    retry: FILE_RETRY,
    priority: { fairnessKey: enteId },
  })
  try {
    return await flows.convertSheet({ draftId })
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error
    return control.giveUpSheet({ draftId })
  }
}
