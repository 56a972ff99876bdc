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

/**
 * Reads a statement, ties its credits, and ends; what follows is decided by people, on pages. One whose columns were named while the credits
 * were tied is read again.
 */
export async function loadTreasury({ fileId, enteId }: LoadTreasuryInput): Promise<void> {
  let isWoken = false
  setHandler(wakeTreasury, () => {
    isWoken = true
  })
  upsertSearchAttributes({ EnteId: [enteId] })
  const { tieCredits } = onFlows(enteId)
  do {
    isWoken = false
    const end = await loaded(fileId, enteId)
    while (await tieCredits({ enteId }));
    tell(end.words)
  } while (isWoken)
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
