import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest'
import { temporalBinary } from '../../tools/embedded/temporal-binary.ts'
import { PATIENCE } from '../../workflows/processes.ts'
import { SEND_MAIL } from '../../workflows/send-mail/contract.ts'
import { waitUntil } from '../setup/wait.ts'
import {
  beginPayment,
  expectOnce,
  receiveReceipts,
  tellReceipts,
  untilPaid,
  type Payment,
} from './payment.ts'
import { startStack, type Stack } from './stack.ts'

const HOUR_MS = 3_600_000

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())
beforeEach(() => {
  stack.mails.answers = []
})

/** A paid payment whose two mails were turned away once; their next try is an hour away. */
async function waitingForAnHour(): Promise<{ payment: Payment; workflowIds: string[] }> {
  stack.mails.answers = Array.from({ length: 2 }, () => ({ kind: 'later' as const, answer: '421' }))
  const slow = stack.processesWith({ ...PATIENCE, mail: { initial: HOUR_MS, max: HOUR_MS } })
  const payment = await beginPayment(stack, slow)
  await tellReceipts(stack, payment.cartId, await receiveReceipts(stack, payment.cartId))
  await payment.handle.result()
  const mailIds = (await stack.db('email').where({ cart_id: payment.cartId }).pluck('id')) as string[]
  const workflowIds = mailIds.map(SEND_MAIL.id)
  for (const id of workflowIds)
    await waitUntil(async () => {
      const one = await pending(id)
      return one?.attempt === 2 && one.lastFailure?.applicationFailureInfo?.type === 'MAIL_UNREACHABLE'
    })
  return { payment, workflowIds }
}

async function pending(workflowId: string) {
  const { raw } = await stack.client.workflow.getHandle(workflowId).describe()
  return raw.pendingActivities?.[0]
}

/** Runs a command of the runbook on the pending activity of a process. */
async function activity(command: 'reset' | 'pause' | 'unpause', workflowId: string): Promise<void> {
  const { activityId } = (await pending(workflowId))!
  await promisify(execFile)(temporalBinary(), [
    ...['activity', command, '--workflow-id', workflowId, '--activity-id', activityId!],
    ...['--address', inject('temporalAddress'), '--namespace', stack.client.options.namespace],
  ])
}

it('R17 activity between two tries: after "reset" it is tried at once, and nothing happens twice', async () => {
  const { payment, workflowIds } = await waitingForAnHour()
  for (const id of workflowIds) await activity('reset', id)
  await untilPaid(stack, payment.cartId)
  await expectOnce(stack, payment)
})

it('R17 activity that somebody paused: "unpause" lets it go on, and nothing happens twice', async () => {
  const { payment, workflowIds } = await waitingForAnHour()
  for (const id of workflowIds) await activity('pause', id)
  for (const id of workflowIds) expect((await pending(id))?.paused).toBe(true)
  for (const id of workflowIds) await activity('unpause', id)
  await untilPaid(stack, payment.cartId)
  await expectOnce(stack, payment)
})
