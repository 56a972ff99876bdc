import { defineSignal, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow'
import { tell } from '../words.ts'
import type { SendMailActivities, SendMailInput } from './contract.ts'

export const wake = defineSignal('wake')

/** Tries until the mail server has accepted the mail or has refused it for good. */
export async function sendMail(input: SendMailInput): Promise<void> {
  let asked = 1
  setHandler(wake, () => {
    asked += 1
  })
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
  // A wake during an attempt may mean that the mail was requested again after its refusal, so this run tries once more.
  for (let answered = 0; answered < asked;) {
    answered = asked
    const { words } = await mail.sendMail({ ...input, claimer: workflowInfo().workflowId })
    tell(words)
  }
}
