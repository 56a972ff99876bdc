import {
  allHandlersFinished,
  condition,
  defineSignal,
  defineUpdate,
  ParentClosePolicy,
  proxyActivities,
  setHandler,
  startChild,
} from '@temporalio/workflow'
import { TWIN, type TwinActivities, type TwinInput } from './contract.ts'

const db = proxyActivities<TwinActivities>({ startToCloseTimeout: '5 seconds' })
const node = proxyActivities<TwinActivities>({
  taskQueue: 'nodo',
  startToCloseTimeout: '45 seconds',
  heartbeatTimeout: '5 seconds',
  retry: { maximumAttempts: 1 },
})
const mail = proxyActivities<TwinActivities>({
  taskQueue: 'mail',
  startToCloseTimeout: '60 seconds',
  heartbeatTimeout: '10 seconds',
})

const begin = defineUpdate<string>('begin')
const rtReceived = defineSignal('rtReceived')
const citizenReturned = defineSignal('citizenReturned')
const wake = defineSignal('wake')

/**
 * The path of a payment without timers and attributes: an update with two activities, a signal, one activity, an abandoned
 * child workflow.
 */
export async function payCart({ id }: TwinInput): Promise<void> {
  let news = 0
  let beginning: Promise<string> | undefined
  setHandler(rtReceived, () => void (news += 1))
  setHandler(wake, () => void (news += 1))
  setHandler(citizenReturned, () => undefined)
  setHandler(begin, () => (beginning ??= beginOnce(id)))
  await condition(() => news > 0)
  await db.settleCart({ id })
  await startChild(TWIN.sendMail, {
    workflowId: TWIN.sendMailId(id),
    taskQueue: TWIN.taskQueue,
    args: [{ id }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
  })
  await condition(allHandlersFinished)
}

async function beginOnce(id: string): Promise<string> {
  await db.beginCart({ id })
  await node.sendCart({ id })
  return id
}

export async function sendMail({ id }: TwinInput): Promise<void> {
  setHandler(wake, () => undefined)
  await mail.sendMail({ id })
}
