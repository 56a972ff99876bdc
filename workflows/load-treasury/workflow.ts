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
import type { LoadTreasuryActivities, LoadTreasuryInput, TreasuryEnd } from './contract.ts'

export const wakeTreasury = defineSignal(WAKE)

const control = proxyActivities<LoadTreasuryActivities>(CONTROL)

/** Reads a statement once, ties its credits, and ends; what follows is decided by people, on pages. */
export async function loadTreasury({ fileId, enteId }: LoadTreasuryInput): Promise<void> {
  // A wake changes nothing, because the statement is read once anyway.
  setHandler(wakeTreasury, () => undefined)
  upsertSearchAttributes({ EnteId: [enteId] })
  const end = await loaded(fileId, enteId)
  const { tieCredits } = onFlows(enteId)
  while (await tieCredits({ enteId }));
  tell(end.words)
}

async function loaded(fileId: string, enteId: string): Promise<TreasuryEnd> {
  try {
    return await onFlows(enteId).loadTreasury({ fileId })
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error
    return control.giveUpTreasury({ fileId })
  }
}

const onFlows = (enteId: string) =>
  proxyActivities<LoadTreasuryActivities>({
    taskQueue: 'flows',
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout: '10 seconds',
    retry: FILE_RETRY,
    priority: { fairnessKey: enteId },
  })
