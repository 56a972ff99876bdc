import type { ProcessWords } from '../words.ts'

/** The durable process of one fetch of reporting flows for one ente. */
export const FETCH_REPORTING = {
  name: 'fetchReporting',
  taskQueue: 'payments',
  /** A schedule adds the hour to it. */
  id: (enteId: string): string => `reporting:${enteId}`,
} as const

export interface FetchReportingInput {
  enteId: string
  /** The person who asked; null for the schedule. */
  operatorId: string | null
  /** The first day asked for, where a person named one. */
  fromOn: string | null
}

/** What a step of a fetch found. */
export interface FetchStep {
  /** Flows that are known and not stored, at most as many as one step takes. */
  flows: string[]
}

/** How a fetch began; null when nothing is fetched for the ente. */
export type BegunFetch = { runId: string } | null

export interface FetchReportingActivities {
  beginFetch(ask: FetchReportingInput & { processId: string }): Promise<BegunFetch>
  /** Asks for the list of flows, and stores those that are new. */
  listReporting(ask: { runId: string }): Promise<FetchStep>
  /** Fetches one flow: its header, and the pages that are missing. True when this call stored it. */
  fetchFlow(ask: { runId: string; flowId: string }): Promise<boolean>
  /** Judges the payments of the flows that are stored, and whatever else waits for it at this ente. */
  reconcileReporting(ask: { runId: string }): Promise<void>
  /** Asks the node for receipts that a flow says must exist, each at most once a day. */
  chaseReceipts(ask: { runId: string }): Promise<void>
  /** Ties credits of the bank to the flows that came; true when there are more. */
  tieCredits(ask: { enteId: string }): Promise<boolean>
  /** Asks for the documents of quadratura, where they are switched on. */
  fetchQuadratura(ask: { runId: string }): Promise<void>
  endFetch(ask: { runId: string; outcome: string; stored: number }): Promise<ProcessWords>
}
