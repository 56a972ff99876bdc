import { defineSignal, proxyActivities, setHandler, upsertSearchAttributes } from '@temporalio/workflow'
import { CONTROL } from '../control.ts'
import { failureCode } from '../failure-code.ts'
import { WAKE } from '../wake.ts'
import { startMail } from '../start-mail.ts'
import type { ExportEnd, ExportFlowActivities, ExportFlowInput } from './contract.ts'
import { tell } from '../words.ts'

export const wakeExport = defineSignal(WAKE)

const control = proxyActivities<ExportFlowActivities>(CONTROL)

/** Writes the export and then starts its mail; when that fails for good, it records the reason instead. */
export async function exportFlow({ exportId, enteId, mail }: ExportFlowInput): Promise<void> {
  // A wake changes nothing, because the file is written once anyway.
  setHandler(wakeExport, () => undefined)
  upsertSearchAttributes({ EnteId: [enteId] })
  const { mailIds, words } = await written(exportId, enteId)
  tell(words)
  for (const mailId of mailIds) await startMail(mailId, mail, words)
}

async function written(exportId: string, enteId: string): Promise<ExportEnd> {
  const flows = proxyActivities<ExportFlowActivities>({
    taskQueue: 'flows',
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '10 seconds',
    // An export survives a night without a database; after that a person must act.
    scheduleToCloseTimeout: '12 hours',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
    priority: { fairnessKey: enteId },
  })
  try {
    return await flows.writeExport({ exportId })
  } catch (error) {
    return control.giveUpExport({ exportId, code: failureCode(error) })
  }
}
