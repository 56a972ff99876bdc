import { defineSignal, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow'
import type { SendMailActivities, SendMailInput } from './contract.ts'

export const wake = defineSignal('wake')

/** Tries until the mail server has taken it or has refused it for good. */
export async function sendMail(input: SendMailInput): Promise<void> {
  setHandler(wake, () => {})
  const mail = proxyActivities<SendMailActivities>({
    taskQueue: 'mail',
    startToCloseTimeout: '60 seconds',
    heartbeatTimeout: '10 seconds',
    retry: {
      initialInterval: input.patience.initial,
      maximumInterval: input.patience.max,
      backoffCoefficient: 2,
    },
  })
  await mail.sendMail({ ...input, claimer: workflowInfo().workflowId })
}
