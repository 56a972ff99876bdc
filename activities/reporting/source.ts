import type { FlowHeader, ListedFlow } from '../../db/reporting/flow.ts'
import type { JournalEntry } from '../../db/journal/journal.ts'
import type { ReportedRow } from '../../domain/reporting/row.ts'

/** Payments on a page; only the last page has fewer. */
export const PAGE_SIZE = 1_000

/** Which flows of an organization are asked for. */
export interface ListAsk {
  domain: string
  /** ISO instants, both lower bounds: when a flow was published, and its own date. */
  publishedAfter: string
  flowsFrom: string
  /** From 1. */
  page: number
}

export interface FlowAsk {
  domain: string
  flowId: string
  pspId: string
  revision: number
}

export interface ListPage {
  pages: number
  flows: ListedFlow[]
}

export interface PaymentsPage {
  pages: number
  rows: ReportedRow[]
  /** The page as it came. */
  document: Uint8Array
}

/**
 * What came of a question. `too_many`: nobody may ask for these seconds, or for a time that the answer does not name. `gone`: pagoPA does
 * not know the flow. `refused`: it does not let us ask. `none`: no answer that can be read.
 */
export type Answer<Value> =
  | { kind: 'value'; value: Value }
  | { kind: 'too_many'; seconds: number | undefined }
  | { kind: 'gone' }
  | { kind: 'refused'; why: string }
  | { kind: 'none'; why: string }

export interface Asked<Value> {
  answer: Answer<Value>
  /** One entry for each call that was made. */
  journal: JournalEntry[]
}

/** Where reporting flows come from. */
export interface ReportingSource {
  list(ask: ListAsk): Promise<Asked<ListPage>>
  header(flow: FlowAsk): Promise<Asked<FlowHeader>>
  payments(flow: FlowAsk, page: number): Promise<Asked<PaymentsPage>>
}

const refuse = async (): Promise<Asked<never>> => ({
  answer: { kind: 'refused', why: 'NO_ADDRESS' },
  journal: [],
})

/** Stands where no address of a service is configured. */
export const NO_SOURCE: ReportingSource = { list: refuse, header: refuse, payments: refuse }
