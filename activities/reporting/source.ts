import type { FlowHeader, ListedFlow } from '../../db/reporting/flow.ts'
import type { JournalEntry } from '../../db/journal/journal.ts'
import type { ReportedRow } from '../../domain/reporting/row.ts'
import type { DocumentHead } from '../../domain/wire/read-flow-document.ts'
import type { DatedFlow } from '../../domain/wire/reporting-soap.ts'

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

/** A source that lists flows with their revisions and gives their payments page by page. */
export interface PagedSource {
  kind: 'paged'
  list(ask: ListAsk): Promise<Asked<ListPage>>
  header(flow: FlowAsk): Promise<Asked<FlowHeader>>
  payments(flow: FlowAsk, page: number): Promise<Asked<PaymentsPage>>
}

/** A part of the document of a flow, byte for byte, with the payments that end in it. */
export interface FlowPart {
  /** From 1. The same document is always cut at the same places. */
  number: number
  document: Uint8Array
  rows: ReportedRow[]
  /** The header as far as it was read. */
  head: DocumentHead
}

/** False when no more parts are wanted, because the document is not the one that was asked for. The answer is then `gone`. */
export type TakeFlowPart = (part: FlowPart) => Promise<boolean>

export interface WholeFlow {
  head: DocumentHead
  parts: number
}

/** A source that lists flows by their dates, and gives the newest revision of one as a whole document, whose parts are given away as they come. */
export interface WholeSource {
  kind: 'whole'
  list(domain: string): Promise<Asked<DatedFlow[]>>
  flow(flow: FlowAsk, take: TakeFlowPart): Promise<Asked<WholeFlow>>
}

/** The old documents of quadratura: their list, and the newest document of an id, whose parts are given away as they come. */
export interface QuadraturaSource {
  list(domain: string): Promise<Asked<DatedFlow[]>>
  document(
    asked: { domain: string; flowId: string },
    take: (part: Uint8Array) => Promise<boolean>,
  ): Promise<Asked<null>>
}

/** Where reporting flows come from. */
export type ReportingSource = PagedSource | WholeSource

const refuse = async (): Promise<Asked<never>> => ({
  answer: { kind: 'refused', why: 'NO_ADDRESS' },
  journal: [],
})

/** Stands where no address of a service is configured. */
export const NO_SOURCE: ReportingSource = { kind: 'paged', list: refuse, header: refuse, payments: refuse }
