import { ScheduleAlreadyRunning, ScheduleNotFoundError, type Client } from '@temporalio/client'
import { FETCH_REPORTING, type FetchReportingInput } from './fetch-reporting/contract.ts'

/** Hours of Rome at which the reporting flows of an ente are fetched. */
export const FETCH_HOURS = [1, 7, 13, 19]

/** The fetches of one ente by the clock. */
export interface WantedSchedule {
  enteId: string
  /** False keeps it, and lets nothing begin. */
  isActive: boolean
}

/** The schedule of an ente has the name that a fetch of its would have. */
const scheduleId = FETCH_REPORTING.id

/** Makes the schedule of an ente, or pauses or resumes it. Safe to repeat and to run twice at once. */
export async function keepSchedule(client: Client, { enteId, isActive }: WantedSchedule): Promise<void> {
  if (isActive && (await created(client, enteId))) return
  const handle = client.schedule.getHandle(scheduleId(enteId))
  try {
    await (isActive ? handle.unpause() : handle.pause('the ente collects no more'))
  } catch (error) {
    // One that is not there fetches nothing either.
    if (!(error instanceof ScheduleNotFoundError) || isActive) throw error
  }
}

/** False when it was there. */
async function created(client: Client, enteId: string): Promise<boolean> {
  const input: FetchReportingInput = { enteId, operatorId: null, fromOn: null }
  try {
    await client.schedule.create({
      scheduleId: scheduleId(enteId),
      spec: { calendars: [{ hour: FETCH_HOURS }], timezone: 'Europe/Rome', jitter: '20 minutes' },
      policies: { overlap: 'SKIP', catchupWindow: '12 hours' },
      action: {
        type: 'startWorkflow',
        workflowType: FETCH_REPORTING.name,
        taskQueue: FETCH_REPORTING.taskQueue,
        workflowId: FETCH_REPORTING.id(enteId),
        args: [input],
      },
    })
    return true
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false
    throw error
  }
}

/** When the schedule of an ente begins a fetch next, as an ISO instant; null when it is paused or not there. */
export async function nextFetch(client: Client, enteId: string): Promise<string | null> {
  try {
    const { info, state } = await client.schedule.getHandle(scheduleId(enteId)).describe()
    return state.paused ? null : (info.nextActionTimes[0]?.toISOString() ?? null)
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null
    throw error
  }
}

/** Enti that have a schedule, by the ids of `keepSchedule`. */
export async function scheduledEnti(client: Client): Promise<Set<string>> {
  const prefix = scheduleId('')
  const enti = new Set<string>()
  for await (const { scheduleId: id } of client.schedule.list())
    if (id.startsWith(prefix)) enti.add(id.slice(prefix.length))
  return enti
}
