import type { WorkflowHandle } from '@temporalio/client'

/** What people read of a process in the Temporal UI. */

export const summaryOf = async (handle: WorkflowHandle): Promise<string | undefined> =>
  (await handle.describe()).staticSummary()

/** The current details, for which the UI asks a worker by a query of the library. */
export const detailsOf = async (handle: WorkflowHandle): Promise<string> =>
  (await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails

/** The names of the timers of a process, in order. A timer without a name is an error. */
export async function timersOf(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory()
  return events!
    .filter((event) => event.timerStartedEventAttributes)
    .map(
      ({ userMetadata }) => JSON.parse(Buffer.from(userMetadata!.summary!.data!).toString('utf8')) as string,
    )
}
