import type { WorkflowHandle } from '@temporalio/client'
import type { Stack } from '../../setup/stack.ts'

type Event = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number]

export interface Story {
  events: number
  activities: number
  workflowTasks: number
  payloadBytes: number
  /** All content of the histories as text. */
  text: string
}

/** Figures of the finished histories of a payment and of its mails. Waits for them without using the database. */
export async function storyOf(stack: Stack, workflowId: string): Promise<Story> {
  const handle = stack.client.workflow.getHandle(workflowId)
  await handle.result()
  const own = (await handle.fetchHistory()).events ?? []
  const children = own.flatMap((event) => childOf(event) ?? [])
  const stories = await Promise.all(children.map((id) => storyOf(stack, id)))
  return [tell(own), ...stories].reduce(together)
}

const childOf = (event: Event): string | undefined =>
  event.childWorkflowExecutionStartedEventAttributes?.workflowExecution?.workflowId ?? undefined

function tell(events: readonly Event[]): Story {
  const payloads = events.flatMap(payloadsIn)
  return {
    events: events.length,
    activities: events.filter((event) => event.activityTaskScheduledEventAttributes).length,
    workflowTasks: events.filter((event) => event.workflowTaskStartedEventAttributes).length,
    payloadBytes: payloads.reduce((sum, data) => sum + data.length, 0),
    text: payloads.map((data) => Buffer.from(data).toString('utf8')).join('\n') + JSON.stringify(events),
  }
}

/** All payloads of an event. A payload is an object whose `data` are bytes, at any depth. */
function payloadsIn(value: unknown): Uint8Array[] {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return []
  const { data } = value as { data?: unknown }
  if (data instanceof Uint8Array) return [data]
  return Object.values(value).flatMap(payloadsIn)
}

const together = (a: Story, b: Story): Story => ({
  events: a.events + b.events,
  activities: a.activities + b.activities,
  workflowTasks: a.workflowTasks + b.workflowTasks,
  payloadBytes: a.payloadBytes + b.payloadBytes,
  text: `${a.text}\n${b.text}`,
})
